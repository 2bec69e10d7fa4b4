//! The situations in which a client cannot connect: a table of what the application receives and
//! what the log contains.

use std::{any::Any, time::Duration};

use simplenet::{
    AcceptorConfig, AuthProvider, AuthRequest, CallError, ClientBuilder, ClientConfig,
    ClientReport, ClientState, ClientTls, CloseReason, ConnectError, HandshakeFailure,
    MessageStatus, NotConnected, RustlsAcceptor, SendError, ServerConfig, TlsFailure, Url,
};
use simplenet_tests::{
    certificates::Authority,
    chat,
    harness::{client, hello, pair, server, server_with, soon, unused_url},
    raw::RawServer,
};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::log_lines::LogLines;

/// The attempts that each client makes.
const ATTEMPTS: u32 = 5;

/// A text that a peer sends. Only the log at `debug` may contain it.
const PEER_TEXT: &str = "words-of-the-peer";

/// A client that cannot connect, and the error of each of its attempts.
struct Situation {
    name: &'static str,
    client: ClientBuilder<chat::Chat>,
    is_expected: fn(&ConnectError) -> bool,
    /// The parts of the surroundings that must live as long as the client.
    _alive: Box<dyn Any>,
}

impl Situation {
    fn new(
        name: &'static str,
        client: ClientBuilder<chat::Chat>,
        is_expected: fn(&ConnectError) -> bool,
        alive: impl Any,
    ) -> Self {
        Self { name, client, is_expected, _alive: Box::new(alive) }
    }
}

async fn situations() -> Vec<Situation> {
    let authority = Authority::new("servers");
    let acceptor = RustlsAcceptor::new(authority.server().server_tls()).unwrap();
    let tls_server = chat::Server::builder()
        .acceptor(AcceptorConfig::Rustls(acceptor))
        .bind("127.0.0.1:0")
        .unwrap();
    let plain_server = server();
    let with_scheme = |url: Url, from, to| url.as_str().replacen(from, to, 1);

    let mut full = server_with(ServerConfig { max_connections: 1, ..Default::default() });
    let in_full = pair(&mut full, 1).await;
    let mut occupied = server();
    let in_occupied = pair(&mut occupied, 2).await;
    let silent = RawServer::bind().await;
    let provider = AuthProvider::new(|| async { Err(PEER_TEXT.into()) });

    let dropped = server();
    let dropped_url = dropped.url();
    drop(dropped);

    vec![
        Situation::new(
            "no server at the port",
            client(unused_url(), 1),
            |error| matches!(error, ConnectError::Unreachable { .. }),
            (),
        ),
        Situation::new(
            "a server that was dropped",
            client(dropped_url, 1),
            |error| matches!(error, ConnectError::Unreachable { .. } | ConnectError::Handshake(_)),
            (),
        ),
        Situation::new(
            "ws:// at a port with TLS",
            client(with_scheme(tls_server.url(), "wss", "ws"), 1),
            |error| matches!(error, ConnectError::Handshake(HandshakeFailure::SpeaksTls)),
            (),
        ),
        Situation::new(
            "wss:// at a port without TLS",
            client(with_scheme(plain_server.url(), "ws", "wss"), 1),
            |error| {
                matches!(error, ConnectError::Tls(TlsFailure::NotTls | TlsFailure::Interrupted(_)))
            },
            plain_server,
        ),
        Situation::new(
            "a certificate of another authority",
            client(tls_server.url(), 1)
                .tls(ClientTls::new().only_roots(Authority::new("others").root())),
            |error| matches!(error, ConnectError::Tls(TlsFailure::UnknownIssuer)),
            tls_server,
        ),
        Situation::new(
            "an id that is connected",
            client(occupied.url(), 2),
            |error| matches!(error, ConnectError::Refused(CloseReason::DuplicateId)),
            (occupied, in_occupied),
        ),
        Situation::new(
            "a full server",
            client(full.url(), 3),
            |error| matches!(error, ConnectError::Refused(CloseReason::ServerFull { .. })),
            (full, in_full),
        ),
        Situation::new(
            "a server that nobody polls",
            client(silent.url(), 1),
            |error| matches!(error, ConnectError::Timeout { .. }),
            silent,
        ),
        Situation::new(
            "a proxy without its server",
            client(answering("HTTP/1.1 502 words-of-the-peer\r\n\r\nwords-of-the-peer").await, 1),
            |error| matches!(error, ConnectError::Http(refusal) if refusal.status == 502),
            (),
        ),
        Situation::new(
            "a redirect",
            client(
                answering("HTTP/1.1 302 Found\r\nLocation: http://words-of-the-peer/\r\n\r\n")
                    .await,
                1,
            ),
            |error| matches!(error, ConnectError::Http(refusal) if refusal.location().is_some()),
            (),
        ),
        Situation::new(
            "another protocol than HTTP",
            client(answering("220 words-of-the-peer\r\n").await, 1),
            |error| matches!(error, ConnectError::Handshake(HandshakeFailure::NotHttp)),
            (),
        ),
        Situation::new(
            "a connection that is closed at once",
            client(answering("").await, 1),
            |error| {
                matches!(
                    error,
                    ConnectError::Handshake(HandshakeFailure::Closed | HandshakeFailure::Lost(_))
                )
            },
            (),
        ),
        Situation::new(
            "a provider without a token",
            client(unused_url(), 1).auth(AuthRequest::Provider { client_id: 1.into(), provider }),
            |error| matches!(error, ConnectError::Provider { .. }),
            (),
        ),
    ]
}

/// Returns the URL of a server that sends these bytes to each connection and closes it.
async fn answering(bytes: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The client may have closed the connection.
            let _ = stream.write_all(bytes.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    url
}

fn failure(name: &str, reason: NotConnected) -> ConnectError {
    match reason {
        NotConnected::Failed(error) => error,
        other => panic!("{name}: {other}"),
    }
}

#[tokio::test]
async fn c9_every_failed_attempt_is_reported_and_each_reason_is_logged_once() {
    let config = ClientConfig {
        reconnect_interval: Duration::from_millis(1),
        max_reconnect_interval: Duration::from_millis(1),
        connect_timeout: Duration::from_millis(500),
        ..Default::default()
    };
    for situation in situations().await {
        let Situation { name, client, is_expected, _alive } = situation;
        let log = LogLines::capture();
        let mut client = client.config(config.clone()).connect(hello());
        let mut text = String::new();
        let mut last = 1;
        while last <= ATTEMPTS {
            match soon(name, client.recv()).await {
                Some(chat::ClientEvent::Report(report)) => {
                    text = report.to_string();
                    let ClientReport::Retrying { reason, attempt, delay } = report else {
                        panic!("{name}: expected Retrying, got {text}");
                    };
                    assert!(is_expected(&failure(name, reason)), "{name}: {text}");
                    assert!(attempt > last && delay <= config.reconnect_interval, "{name}");
                    last = attempt;
                }
                other => panic!("{name}: expected Retrying, got {other:?}"),
            }
        }
        match client.state() {
            ClientState::Connecting { reason, .. } => {
                assert!(is_expected(&failure(name, reason)), "{name}");
            }
            other => panic!("{name}: {other}"),
        }
        assert_eq!(
            client.send(chat::Typing).status(),
            MessageStatus::Failed(SendError::NotConnected),
            "{name}"
        );
        let call = client.call(chat::Join { room: chat::RoomId(1) });
        let error = soon(name, call.timeout(Duration::from_millis(5))).await.unwrap_err();
        let not_sent = error.to_string();
        match error {
            CallError::NotSent(reason) => {
                assert!(is_expected(&failure(name, reason)), "{name}: {not_sent}");
            }
            other => panic!("{name}: {other:?}"),
        }
        client.close();
        soon(name, client.dead()).await;

        let warnings = log.at("WARN");
        println!(
            "{name}\n    event: {text}\n    call:  {not_sent}\n    log:   {}",
            warnings.join("\n")
        );
        assert_eq!(warnings.len(), 1, "{name}: {warnings:?}");
        assert!(!warnings[0].contains(PEER_TEXT), "{name}: {warnings:?}");
        assert!(log.at("DEBUG").len() >= ATTEMPTS as usize, "{name}");
    }
}
