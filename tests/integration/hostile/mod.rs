//! Hostile peers. The server refuses or disconnects each of them with the right reason. Meanwhile,
//! the application receives no invalid event, and an honest client is served.

mod client;
mod flood;
mod half_closed;
mod handshake;
mod identity;
mod session;
mod sizes;

use simplenet::{ClientId, CloseReason, Peer, ServerConfig, ServerReport};
use simplenet_tests::{
    chat, harness,
    harness::{pair, server_event, soon},
    raw,
    raw::{Hello, RawPeer},
};

/// The id of the honest client.
const HONEST: u128 = 1;

/// The id that the hostile peer requests.
const HOSTILE: u128 = 666;

/// The payload of a `Typing`.
const TYPING: &[u8] = &[0];

/// A server with an honest client.
struct TestServer {
    server: chat::Server,
    honest: chat::Client,
}

impl TestServer {
    async fn new() -> Self {
        Self::with(ServerConfig::default()).await
    }

    async fn with(config: ServerConfig) -> Self {
        let mut server = harness::server_with(config);
        let honest = pair(&mut server, HONEST).await;
        Self { server, honest }
    }

    /// Connects a raw peer, and receives its `Connected`.
    async fn hostile(&mut self) -> RawPeer {
        let hostile = RawPeer::welcomed(&self.server.url(), &hello(HOSTILE)).await;
        self.expect_connected().await;
        hostile
    }

    /// Asserts that the honest client is served, and that the application receives no other event.
    async fn assert_serves(&mut self) {
        let call = self.honest.call(chat::Say { room: chat::RoomId(1), text: "hi".into() });
        match server_event(&mut self.server).await {
            (id, chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)))
                if id == ClientId::new(HONEST) =>
            {
                token.respond(chat::Said { seq: 1 });
            }
            other => panic!("expected the honest client, got {other:?}"),
        }
        assert_eq!(soon("the answer", call).await.unwrap(), chat::Said { seq: 1 });
    }

    /// Like [`TestServer::assert_serves`]. Also asserts that the honest client is the only one.
    async fn assert_serves_alone(&mut self) {
        self.assert_serves().await;
        assert_eq!(self.server.clients(), [ClientId::new(HONEST)]);
    }

    /// Receives the next event, and asserts that the event belongs to the raw peer.
    async fn hostile_event(&mut self) -> chat::ServerEvent {
        let (id, event) = server_event(&mut self.server).await;
        assert_eq!(id, ClientId::new(HOSTILE), "{event:?}");
        event
    }

    async fn expect_connected(&mut self) -> Peer {
        match self.hostile_event().await {
            chat::ServerEvent::Report(ServerReport::Connected(peer, _)) => peer,
            other => panic!("expected Connected, got {other:?}"),
        }
    }

    async fn expect_typing(&mut self) {
        let event = self.hostile_event().await;
        assert!(matches!(event, chat::ServerEvent::Msg(chat::ClientMsg::Typing(_))), "{event:?}");
    }

    async fn expect_say(&mut self) -> chat::RequestToken<chat::Say> {
        match self.hostile_event().await {
            chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)) => token,
            other => panic!("expected a request, got {other:?}"),
        }
    }

    async fn expect_disconnected(&mut self) -> CloseReason {
        match self.hostile_event().await {
            chat::ServerEvent::Report(ServerReport::Disconnected(reason)) => reason,
            other => panic!("expected Disconnected, got {other:?}"),
        }
    }
}

/// Returns a valid hello with this id.
fn hello(id: u128) -> Hello {
    Hello::new::<chat::Chat>(id, raw::text("mallory"))
}

/// Encodes the payload of a `Say`.
fn say(text: &str) -> Vec<u8> {
    [raw::varint(1_u32), raw::varint(1_u32), raw::text(text)].concat()
}
