//! External types: the serde attributes that are safe on the wire, and the errors of the others.

mod attributes;
#[expect(unreachable_pub, reason = "the types of a public channel")]
mod recipes;
#[expect(unreachable_pub, reason = "the types of a public channel")]
mod types;

use simplenet::{ClientReport, MessageStatus, SendError, SendOutcome, ServerReport};
use simplenet_tests::harness::soon;

use self::types::{Deep, Flattened, Rest, Skipping, Tagged, Unsafe, Unsent, Untagged};

/// A channel with an external type whose values do not survive the wire.
#[simplenet::channel(external(crate::external_types::types::Unsafe = "1"))]
pub mod vault {
    #[client_message]
    #[server_message]
    pub struct Put {
        pub key: String,
        pub values: Vec<crate::external_types::types::Unsafe>,
    }
    #[request(Vec<crate::external_types::types::Unsafe>)]
    pub struct Get;
}

/// Returns one value of each kind that no receiver can decode, with a part of the reason.
fn unsafe_values() -> [(Unsafe, &'static str); 7] {
    let rest = Rest { name: "a".into() };
    [
        (Unsafe::Tagged(Tagged::Attack { target: 7 }), "self-describing"),
        (Unsafe::Untagged(Untagged::Number(7)), "self-describing"),
        (Unsafe::Flattened(Flattened { id: 7, rest }), "`flatten`"),
        (Unsafe::Skipping(Skipping { id: 7, note: None }), "skips the field `note`"),
        (Unsafe::Unsent(Unsent { id: 7 }), "the bytes end before the value does"),
        (Unsafe::Deep(Deep::new(200)), "nest deeper than 128 levels"),
        (Unsafe::Json(serde_json::json!({ "a": 1 })), "self-describing"),
    ]
}

fn put(value: Unsafe) -> vault::Put {
    vault::Put { key: "k".into(), values: vec![Unsafe::None, value] }
}

/// In this build, which has debug assertions, the sender decodes the external types of its
/// messages.
#[tokio::test]
async fn value_that_no_receiver_can_decode_is_not_sent_and_the_session_lives_on() {
    let mut server = vault::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = vault::Client::builder(server.url()).connect(());
    let (id, event) = soon("a client", server.recv()).await.unwrap();
    assert!(matches!(event, vault::ServerEvent::Report(ServerReport::Connected(..))));
    let event = soon("a server", client.recv()).await.unwrap();
    assert!(matches!(event, vault::ClientEvent::Report(ClientReport::Connected)));

    for (value, _) in unsafe_values() {
        assert_eq!(server.send(id, put(value.clone())), SendOutcome::Unencodable, "{value:?}");
        let status = client.send(put(value.clone())).status();
        assert_eq!(status, MessageStatus::Failed(SendError::Unencodable), "{value:?}");
        let outcome = server.broadcast(put(value.clone()));
        assert_eq!((outcome.queued, outcome.unencodable), (0, 1), "{value:?}");

        let signal = client.request(vault::Get);
        let event = soon("the request", server.recv()).await.unwrap().1;
        let vault::ServerEvent::Request(vault::IncomingRequest::Get(_, token)) = event else {
            panic!("{event:?}")
        };
        assert_eq!(token.respond(vec![value.clone()]), SendOutcome::Unencodable, "{value:?}");
        let event = soon("the rejection", client.recv()).await.unwrap();
        assert!(
            matches!(event, vault::ClientEvent::Reject(rejected) if rejected == signal.id()),
            "{value:?}"
        );
    }
}
