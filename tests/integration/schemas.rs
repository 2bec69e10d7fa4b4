//! Clients and servers with different schemas.

use std::panic;

use simplenet::{
    ChangeClass, ChangeDirection, ChannelPack, ClientReport, CloseReason, DeathReason, OlderSide,
    ProtocolMismatch, ServerConfig,
};
use simplenet_schema::{Declaration, Fields, Schema, Shape, canonical};
use simplenet_tests::{
    chat,
    harness::{pair, server, server_with, soon},
    raw,
    raw::{Hello, RawMismatch, RawPeer},
};

/// The chat channel with wider room ids.
#[simplenet::channel(schema = "schemas/chat_wide_rooms.ron")]
mod wide_chat {}

/// Connects a client with wide room ids to a server with narrow ones, and returns the mismatch that
/// the client receives.
async fn mismatch(server: &mut chat::Server) -> ProtocolMismatch {
    let hello = wide_chat::Hello { name: "ann".into() };
    let mut client = wide_chat::Client::builder(server.url()).connect(hello);
    let event = soon("the end of the client", client.recv()).await;
    let Some(wide_chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::Refused(
        CloseReason::ProtocolMismatch(mismatch),
    )))) = event
    else {
        panic!("expected a terminal refusal, got {event:?}");
    };
    assert!(client.recv().await.is_none(), "an event follows `IsDead`");
    // The next client is the first one that the server accepts.
    pair(server, 1).await;
    assert_eq!(mismatch.channel, "chat");
    assert_eq!(mismatch.client_hash, Some(wide_chat::Chat::PROTOCOL.hash()));
    assert_eq!(mismatch.server_hash, Some(chat::Chat::PROTOCOL.hash()));
    *mismatch
}

#[tokio::test]
async fn other_schema_is_refused_with_the_differences() {
    let mut server = server_with(ServerConfig { explain_mismatch: true, ..Default::default() });
    let mismatch = mismatch(&mut server).await;
    let [change] = &mismatch.changes[..] else { panic!("one type differs: {mismatch:?}") };
    assert_eq!(change.path, "RoomId.0");
    assert_eq!((change.client.as_deref(), change.server.as_deref()), (Some("u64"), Some("u32")));
    assert_eq!((change.up, change.down), (ChangeClass::SameWithin, ChangeClass::Same));
    let in_direction = |direction| change.uses.iter().any(|each| each.direction == direction);
    assert!(in_direction(ChangeDirection::Client) && in_direction(ChangeDirection::Server));
    assert_eq!((mismatch.older, mismatch.omitted), (OlderSide::Unknown, 0));
    let text = DeathReason::Refused(CloseReason::ProtocolMismatch(Box::new(mismatch))).to_string();
    assert!(text.contains("`chat`") && text.contains("RoomId.0: u64 -> u32 (client: "), "{text}");
}

#[tokio::test]
async fn server_without_explanations_refuses_with_the_hashes_only() {
    let mut server = server_with(ServerConfig { explain_mismatch: false, ..Default::default() });
    let mismatch = mismatch(&mut server).await;
    assert_eq!((mismatch.changes.len(), mismatch.omitted), (0, 0));
    assert!(!mismatch.to_string().contains("RoomId"), "{mismatch}");
}

#[test]
fn assert_same_protocol_distinguishes_two_protocols() {
    simplenet::assert_same_protocol::<chat::Chat, chat::Chat>();
    let differing = simplenet::assert_same_protocol::<chat::Chat, wide_chat::Chat>;
    assert!(panic::catch_unwind(differing).is_err());
}

/// Sends a hello with another hash and this canonical form, and returns the mismatch in the
/// refusal.
async fn refusal(server: &chat::Server, form: &str) -> RawMismatch {
    let hello = Hello {
        protocol: wide_chat::Chat::PROTOCOL.hash(),
        canonical: Some(form.to_owned()),
        ..Hello::new::<chat::Chat>(666, raw::text("mallory"))
    };
    let mut peer = RawPeer::upgraded(&server.url()).await;
    peer.send(&hello.encode()).await;
    let (refused, code) = peer.refused().await;
    assert_eq!((refused.code, code), (4000, 4000));
    refused.mismatch.expect("a mismatch")
}

#[tokio::test]
async fn invalid_canonical_form_yields_no_differences() {
    let mut server = server();
    let complete = wide_chat::Chat::PROTOCOL.canonical();
    let forms = [
        String::new(),
        "\0\u{1b}[2J\r\n".to_owned(),
        "(".repeat(60_000),
        complete.replace("newtype(", &format!("newtype({}", "option(".repeat(5_000))),
        complete.replace("types ", "types 18446744073709551615"),
        complete.replace("types ", "types 99999999999999999999999"),
        complete.replace("4:chat", "9999999:chat"),
        complete.replace("4:chat", "4:ch\u{e4}t"),
        complete.replace('\n', "\r\n"),
        format!("{complete} "),
        complete[..complete.len() / 2].to_owned(),
        complete.repeat(10),
        // The server's own canonical form shows no difference, though the hash differs.
        chat::Chat::PROTOCOL.canonical().to_owned(),
    ];
    for form in forms {
        let mismatch = refusal(&server, &form).await;
        assert_eq!((&mismatch.changes[..], mismatch.omitted), (&[][..], 0), "{form:.80}");
    }
    // The unmodified form yields one difference.
    assert_eq!(refusal(&server, complete).await.changes.len(), 1);
    pair(&mut server, 1).await;
}

/// Returns the canonical form of the server's channel with these further messages.
fn form_with_messages(names: Vec<String>) -> String {
    let server_schema =
        canonical::read(chat::Chat::PROTOCOL.canonical()).expect("the server's own form");
    let mut raw = server_schema.into_raw();
    raw.types.extend(
        names
            .iter()
            .map(|name| Declaration { name: name.clone(), shape: Shape::Struct(Fields::Unit) }),
    );
    raw.client_messages.extend(names);
    canonical::write(&Schema::new(raw).expect("a valid schema"))
}

#[tokio::test]
async fn list_of_differences_is_truncated() {
    let mut server = server();
    let names = (0..1000).map(|number| format!("Message{number}")).collect();
    let mismatch = refusal(&server, &form_with_messages(names)).await;
    assert_eq!(mismatch.changes.len(), 64);
    assert!(mismatch.omitted > 0, "the truncated differences are not counted");
    pair(&mut server, 1).await;
}

#[tokio::test]
async fn long_list_of_differences_is_received_before_the_close() {
    let server = server();
    let names = (0..100).map(|number| format!("M{}{number}", "x".repeat(120))).collect();
    let mismatch = refusal(&server, &form_with_messages(names)).await;
    assert_eq!(mismatch.changes.len(), 64);
}

#[tokio::test]
async fn channel_name_of_a_peer_is_printable() {
    let server = server();
    let hello = Hello {
        channel: "\u{1b}]0;chess\u{7}".into(),
        protocol: 0,
        ..Hello::new::<chat::Chat>(666, raw::text("mallory"))
    };
    let mut peer = RawPeer::upgraded(&server.url()).await;
    peer.send(&hello.encode()).await;
    let mismatch = peer.refused().await.0.mismatch.expect("a mismatch");
    let client_channel = mismatch.changes.iter().find_map(|change| change.client.as_deref());
    assert_eq!(client_channel, Some("\u{fffd}]0;chess\u{fffd}"));
}

#[tokio::test]
async fn canonical_form_is_ignored_if_the_hashes_match() {
    let server = server();
    let hello = Hello {
        canonical: Some("nonsense".into()),
        ..Hello::new::<chat::Chat>(666, raw::text("mallory"))
    };
    RawPeer::welcomed(&server.url(), &hello).await;
}
