//! Certificates that are replaced while the server runs.

use simplenet::{AcceptorConfig, Certificates, PrivateKey, ServerConfig, ServerTls, TlsError};
use simplenet_tests::{
    certificates::{Authority, Credentials},
    chat,
    harness::{client, connect_both, hello, round_trip, soon},
};
use tokio_rustls::rustls::version::TLS13;

use super::{Library, folder, raw_config, raw_connect, server, trusting};

/// The certificate file and the key file of a server.
struct Files {
    certificate: std::path::PathBuf,
    key: std::path::PathBuf,
}

impl Files {
    fn new(name: &str, credentials: &Credentials) -> Self {
        let folder = folder(name);
        let files =
            Self { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") };
        files.write(credentials);
        files
    }

    fn write(&self, credentials: &Credentials) {
        std::fs::write(&self.certificate, &credentials.certificate).unwrap();
        std::fs::write(&self.key, &credentials.key).unwrap();
    }

    fn settings(&self) -> ServerTls {
        ServerTls::pem_files(&self.certificate, &self.key)
    }
}

/// Reloads the files of the acceptor.
fn reload(acceptor: &AcceptorConfig) -> Result<(), TlsError> {
    match acceptor {
        AcceptorConfig::Rustls(acceptor) => acceptor.reload(),
        #[cfg(feature = "openssl")]
        AcceptorConfig::Openssl(acceptor) => acceptor.reload(),
        _ => panic!("no TLS"),
    }
}

/// Replaces the settings of the acceptor.
fn replace(acceptor: &AcceptorConfig, settings: ServerTls) -> Result<(), TlsError> {
    match acceptor {
        AcceptorConfig::Rustls(acceptor) => acceptor.replace(settings),
        #[cfg(feature = "openssl")]
        AcceptorConfig::Openssl(acceptor) => acceptor.replace(settings),
        _ => panic!("no TLS"),
    }
}

/// Opens a connection, and returns the certificate that the server presents.
async fn served_certificate(server: &chat::Server, authority: &Authority) -> Vec<u8> {
    let stream = raw_connect(&server.url(), raw_config(authority, &[&TLS13])).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

#[tokio::test]
async fn certificate_is_renewed_under_load_without_losing_a_session() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let first = authority.server();
        let files = Files::new(&format!("renewed_{library:?}"), &first);
        let acceptor = library.acceptor(files.settings());
        let mut server = server(acceptor.clone(), ServerConfig::default());
        let url = server.url();
        let mut old = client(url.clone(), 1).tls(trusting(&authority)).connect(hello());
        connect_both(&mut server, &mut old).await;
        assert_eq!(served_certificate(&server, &authority).await, first.der());

        let answering = tokio::spawn(async move {
            let mut answered = 0;
            while let Some((_, event)) = server.recv().await {
                match event {
                    chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)) => {
                        answered += 1;
                        token.respond(chat::Said { seq: answered });
                    }
                    chat::ServerEvent::Msg(chat::ClientMsg::Typing(_)) => break,
                    _ => {}
                }
            }
            server
        });
        connect_and_discard_events(&mut old).await;
        let handle = old.handle();
        let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
        let traffic = tokio::spawn(async move {
            let mut answered = 0_u64;
            while stopped.try_recv().is_err() {
                let say = chat::Say { room: chat::RoomId(1), text: "x".repeat(1000) };
                answered = handle.call(say).await.expect("the session continues").seq;
            }
            answered
        });
        let mut later = Vec::new();
        for id in 2..12 {
            let next = authority.server();
            files.write(&next);
            reload(&acceptor).unwrap();
            let raw = raw_connect(&url, raw_config(&authority, &[&TLS13])).await.unwrap();
            assert_eq!(raw.get_ref().1.peer_certificates().unwrap()[0].to_vec(), next.der());
            let mut client = client(url.clone(), id).tls(trusting(&authority)).connect(hello());
            connect_and_discard_events(&mut client).await;
            later.push(client);
        }
        stop.send(()).unwrap();
        assert!(
            soon("the traffic", traffic).await.unwrap() > 0,
            "no request was answered during the reloads"
        );
        assert!(old.is_connected() && later.iter().all(|client| client.is_connected()));
        old.send(chat::Typing);
        let server = soon("the server", answering).await.unwrap();
        assert_eq!(server.num_connections(), 11);
    }
}

/// Waits until the client is connected, and discards its events.
async fn connect_and_discard_events(client: &mut chat::Client) {
    soon("a session", client.ready()).await.unwrap();
    while client.next().is_some() {}
}

#[tokio::test]
async fn unreadable_certificate_leaves_the_old_one_in_use() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let first = authority.server();
        let files = Files::new(&format!("kept_{library:?}"), &first);
        let acceptor = library.acceptor(files.settings());
        let mut server = server(acceptor.clone(), ServerConfig::default());

        let other = authority.server();
        let half = &other.certificate[..other.certificate.len() / 2];
        for (case, text) in [
            ("missing", None),
            ("empty", Some("")),
            ("half written", Some(half)),
            ("without its key", Some(&other.certificate)),
        ] {
            match text {
                None => std::fs::remove_file(&files.certificate).unwrap(),
                Some(text) => std::fs::write(&files.certificate, text).unwrap(),
            }
            let error = reload(&acceptor).unwrap_err();
            let file = files.certificate.display().to_string();
            assert!(error.to_string().contains(&file), "{case}: {error}");
            assert_eq!(served_certificate(&server, &authority).await, first.der(), "{case}");
            files.write(&first);
        }
        let second = authority.server();
        files.write(&second);
        reload(&acceptor).unwrap();
        assert_eq!(
            served_certificate(&server, &authority).await,
            second.der(),
            "the next valid certificate is not used"
        );
        let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
        connect_both(&mut server, &mut client).await;
        round_trip(&mut server, &client).await;
    }
}

#[tokio::test]
async fn replaced_settings_apply_to_new_connections() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let first = authority.server();
        let acceptor = library.acceptor(first.server_tls());
        let server = server(acceptor.clone(), ServerConfig::default());
        let second = authority.server();
        let mismatch = ServerTls::new(second.certificates(), first.private_key());
        let error = replace(&acceptor, mismatch).unwrap_err();
        assert!(matches!(error, TlsError::KeyMismatch { .. }), "{error}");
        assert_eq!(served_certificate(&server, &authority).await, first.der());
        replace(&acceptor, second.server_tls()).unwrap();
        assert_eq!(served_certificate(&server, &authority).await, second.der());
        reload(&acceptor).unwrap();
        assert_eq!(
            served_certificate(&server, &authority).await,
            second.der(),
            "the reload has used the first settings"
        );
    }
}

#[tokio::test]
async fn client_roots_are_reloaded() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let (old_root, new_root) = (Authority::new("old root"), Authority::new("new root"));
        let roots = folder(&format!("roots_{library:?}")).join("roots.pem");
        std::fs::write(&roots, old_root.pem()).unwrap();
        let settings = authority
            .server()
            .server_tls()
            .require_client_certificates(Certificates::pem_file(&roots));
        let acceptor = library.acceptor(settings);
        let mut server = server(acceptor.clone(), ServerConfig::default());
        let identity = |client_authority: &Authority| {
            let credentials =
                client_authority.client("ann", simplenet_tests::certificates::Validity::Now);
            trusting(&authority)
                .identity(credentials.certificates(), PrivateKey::pem(credentials.key.as_str()))
        };
        let mut ann = client(server.url(), 1).tls(identity(&old_root)).connect(hello());
        connect_both(&mut server, &mut ann).await;
        std::fs::write(&roots, new_root.pem()).unwrap();
        reload(&acceptor).unwrap();
        let refused = super::tls_failure(server.url(), identity(&old_root)).await;
        assert!(matches!(refused, simplenet::TlsFailure::CertificateRefused(_)), "{refused:?}");
        let mut bob = client(server.url(), 2).tls(identity(&new_root)).connect(hello());
        connect_both(&mut server, &mut bob).await;
        round_trip(&mut server, &ann).await;
    }
}
