//! Servers and clients under TLS, over real sockets, with certificates that the tests generate.

mod certificates;
mod clients;
mod hostile;
mod reload;
mod settings;
mod versions;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use simplenet::{
    AcceptorConfig, ClientConfig, ClientTls, ConnectError, DeathReason, RustlsAcceptor,
    ServerConfig, ServerTls, Url,
};
use simplenet_tests::{
    certificates::Authority,
    chat, harness,
    harness::{client, connect_both, hello, round_trip, soon},
    raw::websocket,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls};

/// A TLS library of a server.
#[derive(Clone, Copy, Debug)]
enum Library {
    Rustls,
    #[cfg(feature = "openssl")]
    Openssl,
}

impl Library {
    const ALL: &[Self] = &[
        Self::Rustls,
        #[cfg(feature = "openssl")]
        Self::Openssl,
    ];

    fn acceptor(self, settings: ServerTls) -> AcceptorConfig {
        match self {
            Self::Rustls => AcceptorConfig::Rustls(RustlsAcceptor::new(settings).unwrap()),
            #[cfg(feature = "openssl")]
            Self::Openssl => {
                AcceptorConfig::Openssl(simplenet::OpensslAcceptor::new(settings).unwrap())
            }
        }
    }

    /// Starts a server on a free port.
    fn server(self, settings: ServerTls) -> chat::Server {
        self.server_with(settings, ServerConfig::default())
    }

    fn server_with(self, settings: ServerTls, config: ServerConfig) -> chat::Server {
        server(self.acceptor(settings), config)
    }
}

fn server(acceptor: AcceptorConfig, config: ServerConfig) -> chat::Server {
    chat::Server::builder().acceptor(acceptor).config(config).bind("127.0.0.1:0").unwrap()
}

/// Returns the settings of a client that trusts a single authority.
fn trusting(authority: &Authority) -> ClientTls {
    ClientTls::new().only_roots(authority.root())
}

/// Returns the error of a client's only attempt.
async fn failure(url: Url, tls: ClientTls) -> ConnectError {
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    let client = client(url, 1).config(config).tls(tls).connect(hello());
    match soon("the end of the attempt", client.ready()).await {
        Err(DeathReason::GaveUp { attempts: 1, last }) => last,
        other => panic!("expected a failed attempt, got {other:?}"),
    }
}

/// Returns the TLS failure of a client's only attempt.
async fn tls_failure(url: Url, tls: ClientTls) -> simplenet::TlsFailure {
    match failure(url, tls).await {
        ConnectError::Tls(failure) => failure,
        other => panic!("expected a TLS failure, got {other:?}"),
    }
}

fn address(url: &Url) -> SocketAddr {
    url.socket_addrs(|| None).unwrap()[0]
}

/// Returns the rustls settings of a raw client.
pub(crate) fn raw_config(
    authority: &Authority,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der().into()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Opens a TLS connection. Sends nothing after the handshake.
pub(crate) async fn raw_connect(
    url: &Url,
    config: rustls::ClientConfig,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address(url)).await?;
    let name = address(url).ip().into();
    soon("a TLS handshake", TlsConnector::from(Arc::new(config)).connect(name, stream)).await
}

/// Upgrades a TLS connection to a WebSocket.
async fn upgrade(stream: &mut TlsStream<TcpStream>) {
    stream.write_all(websocket::UPGRADE.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    while !response.ends_with(b"\r\n\r\n") {
        response.push(soon("the upgrade", stream.read_u8()).await.unwrap());
    }
    assert!(response.starts_with(b"HTTP/1.1 101 "));
}

/// Creates a folder for the files of one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn client_that_trusts_the_root_connects() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server(authority.server().server_tls());
        assert_eq!(server.url().scheme(), "wss");
        let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
        let peer = connect_both(&mut server, &mut client).await;
        assert_eq!(peer.tls, None);
        round_trip(&mut server, &client).await;
    }
}

#[tokio::test]
async fn large_messages_pass_in_both_directions() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server(authority.server().server_tls());
        let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
        connect_both(&mut server, &mut client).await;
        let text = "x".repeat(900_000);
        let call = client.call(chat::Say { room: chat::RoomId(1), text: text.clone() });
        match harness::server_event(&mut server).await {
            (_, chat::ServerEvent::Request(chat::IncomingRequest::Say(say, token))) => {
                assert_eq!(say.text, text);
                server.send(
                    client.id(),
                    chat::Posted { room: say.room, from: "ann".into(), text: say.text },
                );
                token.respond(chat::Said { seq: 1 });
            }
            other => panic!("expected a request, got {other:?}"),
        }
        match harness::client_event(&mut client).await {
            chat::ClientEvent::Msg(chat::ServerMsg::Posted(posted)) => {
                assert_eq!(posted.text, text);
            }
            other => panic!("expected a message, got {other:?}"),
        }
        assert_eq!(soon("the answer", call).await.unwrap(), chat::Said { seq: 1 });
    }
}

#[tokio::test]
async fn tls_session_ends_like_any_other() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server(authority.server().server_tls());
        let mut client = client(server.url(), 1).tls(trusting(&authority)).connect(hello());
        connect_both(&mut server, &mut client).await;
        server.disconnect(client.id(), simplenet::CloseReason::kicked("enough"));
        let (_, reason) = harness::ended(&mut server).await;
        assert_eq!(reason, simplenet::CloseReason::kicked("enough"));
        match harness::client_event(&mut client).await {
            chat::ClientEvent::Report(simplenet::ClientReport::ClosedByServer(reason)) => {
                assert_eq!(reason, simplenet::CloseReason::kicked("enough"));
            }
            other => panic!("expected the close, got {other:?}"),
        }
    }
}

#[tokio::test]
async fn session_end_sends_close_notify() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let server = library.server(authority.server().server_tls());
        let config = raw_config(&authority, &[&rustls::version::TLS13]);
        let mut stream = raw_connect(&server.url(), config).await.unwrap();
        upgrade(&mut stream).await;
        stream
            .write_all(&websocket::frame(websocket::CLOSE, &1000_u16.to_be_bytes(), true))
            .await
            .unwrap();
        let mut received = Vec::new();
        soon("the end", stream.read_to_end(&mut received)).await.expect("close_notify is received");
    }
}
