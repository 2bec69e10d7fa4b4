//! The recipes of docs/types.md: types of other crates, and types that a schema cannot declare.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use simplenet::{ClientReport, ServerReport, assert_wire_safe};
use simplenet_tests::harness::soon;

/// A path of the argument `external` has no parameters, so an alias names the whole type.
pub type ChronoTime = chrono::DateTime<chrono::Utc>;

/// Any JSON value, as its text. JSON describes itself, and the wire does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Json(pub serde_json::Value);

impl From<Json> for String {
    fn from(json: Json) -> Self {
        json.0.to_string()
    }
}

impl TryFrom<String> for Json {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text).map(Self)
    }
}

/// A name that the application validates. Each text decodes, so that an invalid name rejects its
/// request and does not end the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Returns the name, or `None` if it is invalid.
    fn valid(&self) -> Option<&str> {
        (1..=8).contains(&self.0.len()).then_some(&self.0)
    }
}

/// A recursive type, which a schema cannot declare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    pub label: String,
    pub children: Vec<Tree>,
}

#[simplenet::channel(external(
    uuid::Uuid = "uuid 1",
    crate::external_types::recipes::ChronoTime = "chrono 0.4",
    jiff::Timestamp = "jiff 0.2",
    time::OffsetDateTime = "time 0.3",
    glam::Vec3 = "glam 0.33",
    std::time::Duration = "std",
    crate::external_types::recipes::Json = "1",
    crate::external_types::recipes::Name = "1",
    crate::external_types::recipes::Tree = "1",
))]
pub mod recipes {
    #[client_message]
    #[server_message]
    pub struct All {
        pub id: uuid::Uuid,
        pub chrono: crate::external_types::recipes::ChronoTime,
        pub jiff: jiff::Timestamp,
        pub time: time::OffsetDateTime,
        pub position: glam::Vec3,
        pub lifetime: std::time::Duration,
        pub json: crate::external_types::recipes::Json,
        pub tree: crate::external_types::recipes::Tree,
    }

    #[request(PostPage)]
    pub struct Rename {
        pub name: crate::external_types::recipes::Name,
    }

    /// A page of a list. Types of a schema have no parameters, so each list has a page of its own.
    pub struct PostPage {
        pub items: Vec<String>,
        pub next: Option<u32>,
    }
}

fn tree() -> Tree {
    let leaf = |label: &str| Tree { label: label.into(), children: vec![] };
    Tree { label: "root".into(), children: vec![leaf("a"), leaf("b")] }
}

fn all() -> recipes::All {
    recipes::All {
        id: uuid::Uuid::from_u128(7),
        chrono: chrono::DateTime::from_timestamp(1_700_000_000, 5).unwrap(),
        jiff: jiff::Timestamp::from_second(1_700_000_000).unwrap(),
        time: time::OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap(),
        position: glam::Vec3::new(1.0, -2.5, 0.0),
        lifetime: Duration::from_millis(1_500),
        json: Json(serde_json::json!({ "a": [1, null, "x"] })),
        tree: tree(),
    }
}

#[test]
fn types_of_the_recipes_survive_the_wire() {
    let all = all();
    assert_wire_safe(&[all.id]);
    assert_wire_safe(&[all.chrono]);
    assert_wire_safe(&[all.jiff]);
    assert_wire_safe(&[all.time]);
    assert_wire_safe(&[all.position]);
    assert_wire_safe(&[all.lifetime]);
    assert_wire_safe(&[all.json]);
    assert_wire_safe(&[all.tree]);
    assert_wire_safe(&[Name("ann".into()), Name(String::new())]);
}

#[tokio::test]
async fn messages_of_the_recipes_arrive_and_an_invalid_name_rejects_its_request() {
    let mut server = recipes::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = recipes::Client::builder(server.url()).connect(());
    let (id, event) = soon("a client", server.recv()).await.unwrap();
    assert!(matches!(event, recipes::ServerEvent::Report(ServerReport::Connected(..))));
    let event = soon("a server", client.recv()).await.unwrap();
    assert!(matches!(event, recipes::ClientEvent::Report(ClientReport::Connected)));

    client.send(all());
    match soon("a message", server.recv()).await {
        Some((_, recipes::ServerEvent::Msg(recipes::ClientMsg::All(received)))) => {
            assert_eq!(received, all());
        }
        other => panic!("{other:?}"),
    }
    assert!(server.send(id, all()).is_queued());
    match soon("a message", client.recv()).await {
        Some(recipes::ClientEvent::Msg(recipes::ServerMsg::All(received))) => {
            assert_eq!(received, all());
        }
        other => panic!("{other:?}"),
    }

    for (name, valid) in [("far too long a name", false), ("ann", true)] {
        let request = client.request(recipes::Rename { name: Name(name.into()) });
        match soon("a request", server.recv()).await {
            Some((
                _,
                recipes::ServerEvent::Request(recipes::IncomingRequest::Rename(rename, token)),
            )) => {
                if let Some(name) = rename.name.valid() {
                    let items = vec![name.to_owned()];
                    token.respond(recipes::PostPage { items, next: None });
                } else {
                    token.reject();
                }
            }
            other => panic!("{other:?}"),
        }
        let event = soon("an answer", client.recv()).await.unwrap();
        let answered = match event {
            recipes::ClientEvent::Reject(id) => (id, false),
            recipes::ClientEvent::Response(_, id) => (id, true),
            other => panic!("{other:?}"),
        };
        assert_eq!(answered, (request.id(), valid));
    }
}
