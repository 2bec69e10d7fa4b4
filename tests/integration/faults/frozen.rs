//! Half-open connections: they stay open but transfer nothing.

use std::time::{Duration, Instant};

use simplenet::{ClientConfig, ClientReport, CloseReason, ServerConfig};
use simplenet_tests::{
    chat,
    harness::{
        accept, client, client_event, connected, ended, hello, server_event, server_with, soon,
    },
    proxy::{Direction, Proxy},
};

/// The keepalive timeout.
const KEEPALIVE: Duration = Duration::from_millis(1000);

/// The time in which both sides must detect the freeze. It is long enough for a busy machine.
const DETECTION_LIMIT: Duration = Duration::from_secs(10);

/// A server, and a client that is connected to it through a proxy.
struct ProxiedSession {
    server: chat::Server,
    client: chat::Client,
    proxy: Proxy,
}

impl ProxiedSession {
    async fn new() -> Self {
        let config = ServerConfig { keepalive_timeout: KEEPALIVE, ..Default::default() };
        let mut server = server_with(config);
        let proxy = Proxy::start(&server.url()).await;
        let config = ClientConfig {
            reconnect_interval: Duration::from_millis(10),
            max_reconnect_interval: Duration::from_millis(50),
            connect_timeout: Duration::from_millis(500),
            ..Default::default()
        };
        let mut client = client(proxy.url(), 1).config(config).connect(hello());
        accept(&mut server).await;
        connected(&mut client).await;
        Self { server, client, proxy }
    }

    /// Freezes these directions of the connection. Asserts that both sides time out, and that the
    /// client reconnects after the freeze.
    async fn assert_freeze_is_detected(&mut self, directions: &[Direction]) {
        let lost = self.client.request(chat::Join { room: chat::RoomId(1) });
        let (_, request) = server_event(&mut self.server).await;
        for &direction in directions {
            self.proxy.freeze(direction);
        }
        let started = Instant::now();
        let reason = ended(&mut self.server).await.1;
        assert_eq!(reason, CloseReason::Timeout, "reason at the server, {directions:?}");
        match client_event(&mut self.client).await {
            chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => {
                assert_eq!(reason, CloseReason::Timeout, "reason at the client, {directions:?}");
            }
            other => panic!("{other:?}"),
        }
        let elapsed = started.elapsed();
        assert!(elapsed < DETECTION_LIMIT, "{directions:?}: detected after {elapsed:?}");
        match client_event(&mut self.client).await {
            chat::ClientEvent::ResponseLost(id) => assert_eq!(id, lost.id()),
            other => panic!("{other:?}"),
        }
        drop(request);
        assert!(!self.client.is_connected());

        for &direction in directions {
            self.proxy.unfreeze(direction);
        }
        self.assert_reconnects().await;
    }

    /// Asserts that the client reconnects and can send.
    async fn assert_reconnects(&mut self) {
        // The server may accept an attempt during the freeze. Then the welcome does not reach the
        // client.
        soon("a new session", async {
            loop {
                accept(&mut self.server).await;
                let client = tokio::time::timeout(DETECTION_LIMIT, connected(&mut self.client));
                if client.await.is_ok() {
                    return;
                }
                ended(&mut self.server).await;
            }
        })
        .await;
        self.client.send(chat::Typing);
        soon("the message", async {
            while !matches!(server_event(&mut self.server).await.1, chat::ServerEvent::Msg(_)) {}
        })
        .await;
    }
}

#[tokio::test]
async fn half_open_connection_times_out_on_both_sides() {
    let mut session = ProxiedSession::new().await;
    session.assert_freeze_is_detected(&[Direction::ToServer, Direction::ToClient]).await;
}

#[tokio::test]
async fn server_without_input_times_out_and_closes() {
    let mut session = ProxiedSession::new().await;
    session.assert_freeze_is_detected(&[Direction::ToServer]).await;
}

#[tokio::test]
async fn client_without_input_times_out_and_closes() {
    let mut session = ProxiedSession::new().await;
    session.assert_freeze_is_detected(&[Direction::ToClient]).await;
}

#[tokio::test]
async fn call_ends_with_a_half_open_connection() {
    let session = ProxiedSession::new().await;
    session.proxy.freeze(Direction::ToServer);
    session.proxy.freeze(Direction::ToClient);
    let call = session.client.call(chat::Join { room: chat::RoomId(1) });
    assert!(matches!(soon("the end", call).await, Err(simplenet::CallError::ResponseLost)));
}
