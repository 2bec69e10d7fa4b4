//! A table of the errors of TLS, with the certificates that people make by mistake.

use std::sync::Arc;

use simplenet::{
    AcceptorConfig, Certificates, ClientTls, PrivateKey, RustlsAcceptor, ServerConfig, ServerTls,
};
use simplenet_tests::{
    certificates::{Authority, Validity},
    chat,
    harness::{client, connect_both, hello},
};
use tokio::{io::AsyncWriteExt, net::TcpListener};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self,
        crypto::ring,
        server::ResolvesServerCert,
        sign::CertifiedKey,
        version::{TLS12, TLS13},
    },
};

use super::{only_failure, scripted::answering, text_of};
use crate::tls::raw_config;

/// A certificate of version 1, made by `openssl req -new` and `openssl x509 -req -signkey`, for
/// this test alone.
const VERSION_1: &str = "-----BEGIN CERTIFICATE-----
MIIBIzCBywIUXEoGGXiNyx2v9W9xDlgVwmmAUJ0wCgYIKoZIzj0EAwIwFDESMBAG
A1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODE0MzEyM1oYDzIxMjYxMTA0MTQzMTIz
WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASH3QImWbBqGLaPetKCBQaRd76NFMdfZbjHQeKmYB9zTCgYJ7mUW3oDlg1YgZDR
rv59UW4Da+JvxiKURRnGjbhEMAoGCCqGSM49BAMCA0cAMEQCIByCHfLWu5m36rEZ
4ZPKVGbBsg18PgcNFlNlCiwVUdtYAiBhcVn0nAEfx3yLCsGDusQ/h0AwknLxYlAs
jhk4g1wVDQ==
-----END CERTIFICATE-----
";

fn server(settings: ServerTls) -> chat::Server {
    accepting(RustlsAcceptor::new(settings).unwrap())
}

fn accepting(acceptor: RustlsAcceptor) -> chat::Server {
    chat::Server::builder()
        .acceptor(AcceptorConfig::Rustls(acceptor))
        .config(ServerConfig::default())
        .bind("127.0.0.1:0")
        .unwrap()
}

/// Prints and checks a row. `..` at the end of the expected text stands for any text.
async fn check(name: &str, url: impl AsRef<str>, tls: ClientTls, expected: &str) {
    let text = text_of(&only_failure(client(url, 1).tls(tls)).await);
    println!("{name}: {text}");
    match expected.strip_suffix("..") {
        Some(beginning) => assert!(text.starts_with(beginning), "{name}: {text}"),
        None => assert_eq!(text, expected, "{name}"),
    }
}

/// Presents a certificate without checking it.
#[derive(Debug)]
struct Unchecked(Arc<CertifiedKey>);

impl ResolvesServerCert for Unchecked {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

fn presenting(certificate: &str) -> chat::Server {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let provider = Arc::new(ring::default_provider());
    let (_, key) = Authority::new("key").server().parsed();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Unchecked(Arc::new(CertifiedKey::new(chain, key)))));
    accepting(RustlsAcceptor::ready(Arc::new(config)))
}

#[tokio::test]
async fn certificates_of_servers_are_explained() {
    let authority = Authority::new("servers");
    let trusting = || ClientTls::new().only_roots(authority.root());
    let failed = "TLS handshake failed:";

    let unknown = server(Authority::new("others").server().server_tls());
    check(
        "unknown issuer",
        unknown.url(),
        trusting(),
        &format!(
            "{failed} certificate is from an unknown issuer: if it is your own, trust its root, on \
             a client by `ClientTls::extra_roots`"
        ),
    )
    .await;
    let own = server(authority.own_credentials().server_tls());
    for (name, tls) in [
        ("an authority's certificate, trusted", trusting()),
        ("an authority's certificate, untrusted", ClientTls::new()),
    ] {
        let expected =
            format!("{failed} certificate is an authority's own (`CA:TRUE`), such as ..");
        check(name, own.url(), tls, &expected).await;
    }
    let version_1 = presenting(VERSION_1);
    check(
        "version 1",
        version_1.url(),
        trusting(),
        &format!("{failed} invalid certificate: it has the outdated version 1 of X.509: .."),
    )
    .await;
    for (name, names, validity, expected) in [
        (
            "expired",
            &["127.0.0.1"][..],
            Validity::Past,
            "certificate has expired: renew it, or check the clock of this machine",
        ),
        (
            "not valid yet",
            &["127.0.0.1"],
            Validity::Future,
            "certificate is not valid yet: check the clock of this machine",
        ),
        (
            "another name",
            &["example.org", "192.0.2.1"],
            Validity::Now,
            "certificate is not for the server's name: `127.0.0.1` is expected, and it is for \
             `example.org`, `192.0.2.1`; use its name in the URL, or add the host of the URL to \
             its `subjectAltName`",
        ),
        (
            "no name",
            &[],
            Validity::Now,
            "certificate is not for the server's name: `127.0.0.1` is expected, and it contains no \
             name (`subjectAltName`); use its name in the URL, or add the host of the URL to its \
             `subjectAltName`",
        ),
    ] {
        let server = server(authority.server_for(names, validity).server_tls());
        check(name, server.url(), trusting(), &format!("{failed} {expected}")).await;
    }
    let for_clients = server(authority.client("127.0.0.1", Validity::Now).server_tls());
    check(
        "a client's certificate",
        for_clients.url(),
        trusting(),
        &format!(
            "{failed} invalid certificate: it is not issued for this side of a connection: .."
        ),
    )
    .await;
}

#[tokio::test]
async fn client_certificates_are_explained() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let trusting = || ClientTls::new().only_roots(servers.root());
    let required =
        server(servers.server().server_tls().require_client_certificates(clients.root()));
    let failed = "TLS handshake failed:";
    check(
        "no client certificate",
        required.url(),
        trusting(),
        &format!(
            "{failed} server requires a client certificate: configure one by `ClientTls::identity`"
        ),
    )
    .await;
    let refused = "peer does not accept this side's certificate:";
    let stranger = Authority::new("strangers");
    for (name, credentials, expected) in [
        (
            "of another authority",
            stranger.client("ann", Validity::Now),
            "it does not trust the authority that issued it",
        ),
        ("expired", clients.client("ann", Validity::Past), "it has expired, or is not valid yet"),
        ("for servers", clients.server(), "it has an unsupported kind or purpose"),
    ] {
        let tls = trusting().identity(credentials.certificates(), credentials.private_key());
        let name = format!("client certificate {name}");
        check(&name, required.url(), tls, &format!("{failed} {refused} {expected}")).await;
    }
}

#[tokio::test]
async fn wrong_schemes_and_versions_are_explained() {
    let authority = Authority::new("servers");
    let trusting = || ClientTls::new().only_roots(authority.root());
    let failed = "TLS handshake failed:";
    let with_tls = server(authority.server().server_tls());
    check(
        "ws:// at a TLS port",
        with_tls.url().as_str().replacen("wss", "ws", 1),
        trusting(),
        "handshake failed: this port seems to speak TLS: try `wss://`",
    )
    .await;
    let without_tls = simplenet_tests::harness::server();
    check(
        "wss:// at a simplenet server without TLS",
        without_tls.url().as_str().replacen("ws", "wss", 1),
        trusting(),
        &format!("{failed} connection ended during the TLS handshake (.."),
    )
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let http = format!("wss://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let _ = stream.readable().await;
    });
    check(
        "wss:// at an HTTP server",
        http,
        trusting(),
        &format!(
            "{failed} peer does not speak TLS on this port: check whether the URL must be `ws://`"
        ),
    )
    .await;
    // Not read as TLS: the server closes after the request.
    check(
        "ws:// at a server that closes",
        answering("").await,
        trusting(),
        "handshake failed: the server closed the connection before it answered the upgrade: ..",
    )
    .await;

    let credentials = authority.server();
    let modern = accepting(RustlsAcceptor::ready(Arc::new(credentials.rustls_server(&[&TLS13]))));
    let old = Arc::new(raw_config(&authority, &[&TLS12]));
    let text = text_of(&only_failure(client(modern.url(), 1).tls_config(old)).await);
    println!("no common version: {text}");
    assert!(
        text.starts_with("TLS handshake failed: no TLS settings in common with the peer: it "),
        "{text}"
    );
}

/// A server that ends the connection right after the TLS handshake.
#[tokio::test]
async fn end_after_the_tls_handshake_is_explained() {
    let authority = Authority::new("servers");
    let acceptor = TlsAcceptor::from(Arc::new(authority.server().rustls_server(&[&TLS12, &TLS13])));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("wss://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
    });
    check(
        "closed after TLS",
        url,
        ClientTls::new().only_roots(authority.root()),
        "handshake failed: the server closed the connection before it answered the upgrade: ..",
    )
    .await;
}

/// The settings of a server with such certificates fail when they are loaded, or work.
#[tokio::test]
async fn certificates_in_settings_are_explained() {
    let key = Authority::new("key").server().key;
    let settings = ServerTls::new(Certificates::pem(VERSION_1), PrivateKey::pem(key));
    let error = RustlsAcceptor::new(settings).unwrap_err();
    println!("a server with a certificate of version 1: {}", text_of(&error));
    assert!(text_of(&error).contains("it has the outdated version 1 of X.509"), "{error}");

    // A certificate without an authority (`CA:FALSE`), which the client trusts as a root.
    let single = Authority::self_signed(&["127.0.0.1"]);
    let mut server = server(single.server_tls());
    let tls = ClientTls::new().only_roots(single.certificates());
    let mut client = client(server.url(), 1).tls(tls).connect(hello());
    connect_both(&mut server, &mut client).await;
}
