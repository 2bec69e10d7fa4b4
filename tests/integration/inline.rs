//! Channels that are declared in a module instead of a schema file.

use simplenet::{ChannelPack, ClientReport, ServerReport, assert_same_protocol};
use simplenet_tests::harness::soon;

/// A module whose items shadow the names of the built-in types of schemas.
#[expect(dead_code, unreachable_pub, reason = "only their names matter")]
mod shadowing {
    pub struct Option;
    pub struct Result;
    pub struct String;
    pub struct Vec;

    /// A guessing game.
    #[simplenet::channel]
    pub mod guessing {
        /// The name of the player.
        #[connect]
        pub struct Player {
            pub name: String,
        }
        /// A guess.
        #[request(Result<Found, Hint>)]
        #[derive(Copy)]
        pub struct Guess(pub u8);
        pub struct Found {
            /// The number of guesses.
            pub guesses: u32,
            pub before: Vec<Option<u8>>,
        }
        pub enum Hint {
            Higher,
            Lower { by_much: bool },
        }
        #[client_message]
        pub struct GiveUp;
        #[server_message]
        pub enum News {
            Over(u8),
            Started,
        }
    }
}

use shadowing::guessing::{
    self, ClientEvent, Found, GiveUp, Guess, Hint, IncomingRequest, News, Player, ServerEvent,
};

#[tokio::test]
async fn inline_channel_carries_messages_in_both_directions() {
    let mut server = guessing::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = guessing::Client::builder(server.url()).connect(Player { name: "ann".into() });
    let (id, event) = soon("a client", server.recv()).await.unwrap();
    let ServerEvent::Report(ServerReport::Connected(_, player)) = event else {
        panic!("expected Connected, got {event:?}");
    };
    assert_eq!(player.name, "ann");
    let event = soon("a server", client.recv()).await.unwrap();
    assert!(matches!(event, ClientEvent::Report(ClientReport::Connected)), "{event:?}");

    let guess = Guess(7);
    let answer = client.call(guess);
    client.send(GiveUp);
    let (_, event) = soon("a request", server.recv()).await.unwrap();
    let ServerEvent::Request(IncomingRequest::Guess(Guess(number), token)) = event else {
        panic!("expected a guess, got {event:?}");
    };
    assert_eq!(number, guess.0);
    server.respond(token, Err(Hint::Lower { by_much: true }));
    assert_eq!(soon("an answer", answer).await.unwrap(), Err(Hint::Lower { by_much: true }));

    let (_, event) = soon("a message", server.recv()).await.unwrap();
    assert!(matches!(event, ServerEvent::Msg(guessing::ClientMsg::GiveUp(GiveUp))), "{event:?}");
    server.send(id, News::Over(3));
    let event = soon("a message", client.recv()).await.unwrap();
    assert!(
        matches!(event, ClientEvent::Msg(guessing::ServerMsg::News(News::Over(3)))),
        "{event:?}"
    );
    let found = Found { guesses: 1, before: vec![None] };
    assert_eq!(found, found.clone());
}

/// The chat channel, declared in a module. Its common types come from a schema file.
#[simplenet::channel(name = "chat", include("../schemas/common.ron"))]
pub mod inline_chat {
    #[connect]
    pub struct Hello {
        pub name: String,
    }
    #[client_message]
    pub struct Typing;
    #[request(Result<Joined, JoinError>)]
    pub struct Join {
        pub room: RoomId,
    }
    pub struct Joined {
        pub members: Vec<String>,
    }
    pub enum JoinError {
        Full,
        Banned { until: u64 },
    }
    #[request(Said)]
    pub struct Say {
        pub room: RoomId,
        pub text: String,
    }
    pub struct Said {
        pub seq: u64,
    }
    #[server_message]
    pub struct Posted {
        pub room: RoomId,
        pub from: String,
        pub text: String,
    }
    #[server_message]
    pub struct Left(pub RoomId, pub String);
}

const _: () = assert_same_protocol::<inline_chat::Chat, simplenet_tests::chat::Chat>();

/// Declares a channel from the arguments of a macro.
macro_rules! echo {
    ($name:ident, $content:ty, $length:literal) => {
        #[simplenet::channel]
        mod $name {
            #[server_message]
            pub struct Echo(pub $content, pub [$content; $length]);
        }
    };
}

/// The `simplenet` crate under another path.
mod vendored {
    pub(crate) use simplenet as network;
}

#[test]
fn channel_may_be_declared_in_any_module() {
    echo!(r#loop, Option<u8>, 2);
    assert_eq!(r#loop::Loop::PROTOCOL.name(), "loop");
    assert_eq!(r#loop::Echo(None, [None, Some(1)]).1.len(), 2);

    #[crate::inline::vendored::network::channel(
        crate = crate::inline::vendored::network,
        external(std::net::Ipv4Addr = "std 1")
    )]
    mod nested {
        #[server_message]
        #[client_message]
        pub struct Address(pub std::net::Ipv4Addr);
    }
    let address = nested::Address([127, 0, 0, 1].into());
    let message = nested::ServerMsg::from(address.clone());
    assert_eq!(message, nested::ServerMsg::Address(address));
}
