//! The negotiation of TLS versions, ALPN and sessions.

use std::sync::Arc;

use simplenet::{
    AcceptorConfig, ConnectError, DeathReason, RustlsAcceptor, ServerConfig, TlsFailure, Url,
};
use simplenet_tests::{
    certificates::{Authority, Validity},
    harness::{client, connect_both, hello, round_trip, soon},
};
use tokio_rustls::rustls::{
    self, HandshakeKind, ProtocolVersion,
    version::{TLS12, TLS13},
};

use super::{Library, raw_config, raw_connect, server, trusting, upgrade};

const BOTH: &[&rustls::SupportedProtocolVersion] = &[&TLS12, &TLS13];

#[tokio::test]
async fn servers_support_both_tls_versions_and_prefer_the_newer() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let server = library.server(authority.server().server_tls());
        for (versions, expected) in [
            (&[&TLS12][..], ProtocolVersion::TLSv1_2),
            (&[&TLS13][..], ProtocolVersion::TLSv1_3),
            (BOTH, ProtocolVersion::TLSv1_3),
        ] {
            let stream =
                raw_connect(&server.url(), raw_config(&authority, versions)).await.unwrap();
            assert_eq!(stream.get_ref().1.protocol_version(), Some(expected), "{library:?}");
        }
    }
}

#[tokio::test]
async fn clients_support_both_tls_versions() {
    let authority = Authority::new("servers");
    for versions in [&[&TLS12][..], &[&TLS13][..]] {
        for library in Library::ALL {
            let mut server = library.server(authority.server().server_tls());
            let config = raw_config(&authority, versions);
            let mut client = client(server.url(), 1).tls_config(Arc::new(config)).connect(hello());
            connect_both(&mut server, &mut client).await;
            round_trip(&mut server, &client).await;
        }
        let config = Arc::new(authority.server().rustls_server(versions));
        let acceptor = AcceptorConfig::Rustls(RustlsAcceptor::ready(config));
        let mut server = server(acceptor, ServerConfig::default());
        let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
        connect_both(&mut server, &mut client).await;
        round_trip(&mut server, &client).await;
    }
}

#[tokio::test]
async fn missing_common_tls_version_is_reported_on_both_sides() {
    let authority = Authority::new("servers");
    let config = Arc::new(authority.server().rustls_server(&[&TLS13]));
    let server =
        server(AcceptorConfig::Rustls(RustlsAcceptor::ready(config)), ServerConfig::default());
    let client = client(server.url(), 1)
        .config(simplenet::ClientConfig {
            max_initial_connect_attempts: Some(1),
            ..Default::default()
        })
        .tls_config(Arc::new(raw_config(&authority, &[&TLS12])))
        .connect(hello());
    let death = soon("the end of the attempt", client.ready()).await.unwrap_err();
    assert!(
        matches!(
            death,
            DeathReason::GaveUp { last: ConnectError::Tls(TlsFailure::Incompatible(_)), .. }
        ),
        "{death:?}"
    );
}

#[tokio::test]
async fn alpn_selects_http_1_1_or_fails_with_an_alert() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let server = library.server(authority.server().server_tls());
        let negotiated = async |offered: &[&str]| {
            let mut config = raw_config(&authority, BOTH);
            config.alpn_protocols =
                offered.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
            let stream = raw_connect(&server.url(), config).await?;
            Ok::<_, std::io::Error>(stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec))
        };
        assert_eq!(negotiated(&["h2", "http/1.1"]).await.unwrap().unwrap(), b"http/1.1");
        assert_eq!(
            negotiated(&[]).await.unwrap(),
            None,
            "a client without ALPN receives a protocol"
        );
        let error = negotiated(&["h2"]).await.unwrap_err();
        assert!(error.to_string().contains("NoApplicationProtocol"), "{library:?}: {error}");
    }
}

/// Connects twice with one client, and returns the kinds of both handshakes.
async fn handshakes(url: &Url, config: rustls::ClientConfig) -> [HandshakeKind; 2] {
    let mut kinds = Vec::new();
    for _ in 0..2 {
        // The clones of the configuration share one cache of TLS sessions.
        let mut stream = raw_connect(url, config.clone()).await.unwrap();
        // In TLS 1.3, the client receives the session tickets with the first data.
        upgrade(&mut stream).await;
        kinds.push(stream.get_ref().1.handshake_kind().unwrap());
    }
    kinds.try_into().unwrap()
}

#[tokio::test]
async fn reconnecting_client_resumes_its_tls_session() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let server = library.server(authority.server().server_tls());
        for versions in [&[&TLS12][..], &[&TLS13][..]] {
            let kinds = handshakes(&server.url(), raw_config(&authority, versions)).await;
            assert_eq!(kinds, [HandshakeKind::Full, HandshakeKind::Resumed], "{library:?}");
        }
    }
}

#[tokio::test]
async fn client_certificate_is_sent_on_every_connect() {
    for library in Library::ALL {
        let (authority, client_authority) = (Authority::new("servers"), Authority::new("clients"));
        let settings =
            authority.server().server_tls().require_client_certificates(client_authority.root());
        let server = library.server(settings);
        let ann = client_authority.client("ann", Validity::Now);
        for versions in [&[&TLS12][..], &[&TLS13][..]] {
            let mut config = raw_config(&authority, versions);
            let (certificates, key) = ann.parsed();
            let provider = config.crypto_provider();
            let signing_key = provider.key_provider.load_private_key(key).unwrap();
            let certified = rustls::sign::CertifiedKey::new(certificates, signing_key);
            config.client_auth_cert_resolver =
                Arc::new(rustls::sign::SingleCertAndKey::from(certified));
            let kinds = handshakes(&server.url(), config).await;
            assert_eq!(kinds, [HandshakeKind::Full, HandshakeKind::Full], "{library:?}");
        }
    }
}

#[tokio::test]
async fn ready_rustls_configuration_is_used_unchanged() {
    let authority = Authority::new("servers");
    let config = Arc::new(authority.server().rustls_server(BOTH));
    let acceptor = AcceptorConfig::Rustls(RustlsAcceptor::ready(config));
    let mut server = server(acceptor, ServerConfig::default());
    let mut raw = raw_config(&authority, BOTH);
    raw.alpn_protocols = vec![b"http/1.1".to_vec()];
    let stream = raw_connect(&server.url(), raw).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), None, "the acceptor negotiates ALPN");
    let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
    connect_both(&mut server, &mut client).await;
    round_trip(&mut server, &client).await;
}

#[cfg(feature = "openssl")]
#[tokio::test]
async fn ready_openssl_acceptor_is_used_unchanged() {
    use openssl::{pkey::PKey, ssl, x509::X509};

    let authority = Authority::new("servers");
    let credentials = authority.server();
    let mut builder = ssl::SslAcceptor::mozilla_modern_v5(ssl::SslMethod::tls_server()).unwrap();
    let certificate = X509::from_pem(credentials.certificate.as_bytes()).unwrap();
    builder.set_certificate(&certificate).unwrap();
    let key = PKey::private_key_from_pem(credentials.key.as_bytes()).unwrap();
    builder.set_private_key(&key).unwrap();
    let acceptor = simplenet::OpensslAcceptor::ready(builder.build());
    let mut server = server(AcceptorConfig::Openssl(acceptor), ServerConfig::default());
    assert!(raw_connect(&server.url(), raw_config(&authority, &[&TLS12])).await.is_err());
    let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
    connect_both(&mut server, &mut client).await;
    round_trip(&mut server, &client).await;
}
