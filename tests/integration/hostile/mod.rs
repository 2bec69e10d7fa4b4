//! Peers that do not keep to the protocol: each gets what it deserves, the application hears nothing of it that it
//! must not hear, and whoever is honest is served meanwhile.

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

/// The id of the client that keeps to the protocol.
const HONEST: u128 = 1;

/// The id that the hostile peer asks for.
const STRANGER: u128 = 666;

/// The payload of a `Typing`.
const TYPING: &[u8] = &[0];

/// A server with an honest client.
struct Stage {
    server: chat::Server,
    honest: chat::Client,
}

impl Stage {
    async fn new() -> Self {
        Self::with(ServerConfig::default()).await
    }

    async fn with(config: ServerConfig) -> Self {
        let mut server = harness::server_with(config);
        let honest = pair(&mut server, HONEST).await;
        Self { server, honest }
    }

    /// A stranger that was welcomed, and whose `Connected` has been taken.
    async fn stranger(&mut self) -> RawPeer {
        let stranger = RawPeer::welcomed(&self.server.url(), &hello(STRANGER)).await;
        self.stranger_connects().await;
        stranger
    }

    /// The honest client is served, and nothing else has reached the application.
    async fn holds(&mut self) {
        let call = self.honest.call(chat::Say { room: chat::RoomId(1), text: "still here".into() });
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

    /// As [`Stage::holds`], and the stranger never came to be a client.
    async fn holds_alone(&mut self) {
        self.holds().await;
        assert_eq!(self.server.clients(), [ClientId::new(HONEST)]);
    }

    /// The next event, which is the stranger's.
    async fn strangers_event(&mut self) -> chat::ServerEvent {
        let (id, event) = server_event(&mut self.server).await;
        assert_eq!(id, ClientId::new(STRANGER), "{event:?}");
        event
    }

    async fn stranger_connects(&mut self) -> Peer {
        match self.strangers_event().await {
            chat::ServerEvent::Report(ServerReport::Connected(peer, _)) => peer,
            other => panic!("expected Connected, got {other:?}"),
        }
    }

    async fn stranger_types(&mut self) {
        let event = self.strangers_event().await;
        assert!(matches!(event, chat::ServerEvent::Msg(chat::ClientMsg::Typing(_))), "{event:?}");
    }

    async fn stranger_says(&mut self) -> chat::RequestToken<chat::Say> {
        match self.strangers_event().await {
            chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)) => token,
            other => panic!("expected a request, got {other:?}"),
        }
    }

    async fn stranger_ends(&mut self) -> CloseReason {
        match self.strangers_event().await {
            chat::ServerEvent::Report(ServerReport::Disconnected(reason)) => reason,
            other => panic!("expected Disconnected, got {other:?}"),
        }
    }
}

/// The hello of an ordinary client.
fn hello(id: u128) -> Hello {
    Hello::new::<chat::Chat>(id, raw::text("mallory"))
}

/// The payload of a `Say`.
fn say(text: &str) -> Vec<u8> {
    [raw::varint(1_u32), raw::varint(1_u32), raw::text(text)].concat()
}
