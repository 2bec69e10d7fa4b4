//! The golden vectors in `docs/vectors.json`, in both directions.

mod messages;
mod values;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{SPECIFICATION, golden, hex};
use crate::{
    env::EnvType,
    test,
    vectors::{bytes, text, vectors},
    wire::{
        Auth, ChangeClass, ChangeDirection, ClientFrame, CloseReason, FrameError, HandshakeReply,
        Hello, HelloError, OlderSide, ProtocolChange, ProtocolMismatch, ServerFrame, Welcome,
        encode_refused, frame::Kind,
    },
};

/// Returns every frame that `docs/vectors.json` lists.
fn frames() -> Vec<(&'static str, Bytes)> {
    let refused = CloseReason::AuthenticationRefused("no such user".to_owned());
    let version = CloseReason::WireVersion { ours: 1, theirs: Some(1) };
    let mut frames = golden();
    frames.insert(frames.len() - 1, ("refused: authentication", encode_refused(&refused)));
    frames.insert(frames.len() - 1, ("refused: wire version", encode_refused(&version)));
    frames
}

#[test]
fn frames_of_the_vectors_are_encoded() {
    let listed: Vec<Value> = vectors("frames");
    let listed: Vec<_> = listed.iter().map(|row| (text(row, "name"), bytes(row))).collect();
    assert_eq!(frames(), listed);
}

#[test]
fn frames_of_the_vectors_are_listed_in_the_specification() {
    let (_, section) = SPECIFICATION.split_once("\n## Golden vectors\n").unwrap();
    let mut table: Vec<&str> = section.lines().filter(|row| row.ends_with("` |")).collect();
    for row in vectors("frames") {
        let row = format!("| {} | `{}` |", text(&row, "name"), text(&row, "hex"));
        let listed = table.iter().position(|listed| *listed == row);
        table.remove(listed.unwrap_or_else(|| panic!("missing in docs/protocol.md: {row}")));
    }
    assert!(table.is_empty(), "missing in docs/vectors.json: {table:?}");
}

#[test]
fn frames_of_the_vectors_are_decoded() {
    for row in [vectors("frames"), vectors("accepted_frames")].concat() {
        let frame = bytes(&row);
        let kind = Kind::of(&frame).unwrap();
        let (name, fields) = match kind {
            Kind::Hello => ("Hello", hello(&Hello::decode(frame).unwrap())),
            Kind::Welcome | Kind::Refused => reply(&HandshakeReply::decode(&frame).unwrap()),
            kind if kind.is_from_server() => from_server(ServerFrame::decode(&frame).unwrap()),
            _ => from_client(ClientFrame::decode(&frame).unwrap()),
        };
        assert_eq!((name, &fields), (text(&row, "frame"), &row["fields"]), "{}", row["name"]);
        let sender = match kind {
            Kind::Ping | Kind::Pong => "both",
            kind if kind.is_from_server() => "server",
            _ => "client",
        };
        assert_eq!(text(&row, "sender"), sender);
    }
}

#[test]
fn invalid_frames_of_the_vectors_are_refused() {
    for row in vectors("invalid_frames") {
        let frame = bytes(&row);
        if text(&row, "frame") == "Hello" {
            let refusal = match Hello::decode(frame) {
                Ok(_) => panic!("accepted: {row}"),
                Err(HelloError::Version(theirs)) => {
                    CloseReason::WireVersion { ours: 1, theirs: Some(theirs) }
                }
                Err(HelloError::Frame(error)) => error.into(),
            };
            assert_eq!(json!(refusal.close_code()), row["code"], "{row}: {refusal}");
        } else {
            let kind = Kind::of(&frame).unwrap();
            assert_eq!(format!("{kind:?}"), text(&row, "frame"));
            let error = HandshakeReply::decode(&frame).unwrap_err();
            assert!(matches!(error, FrameError::Malformed { .. }), "{row}: {error}");
        }
    }
}

fn hello(hello: &Hello) -> Value {
    let auth = match &hello.auth {
        Auth::None { client_id } => json!({ "none": { "client_id": client_id.to_string() } }),
        Auth::Secret { client_id, secret } => {
            let secret = hex(secret.expose());
            json!({ "secret": { "client_id": client_id.to_string(), "secret": secret } })
        }
        Auth::Token(token) => json!({ "token": hex(token.expose()) }),
    };
    let ancestors: Vec<String> =
        hello.extensions.ancestors.iter().map(|hash| format!("{hash:032x}")).collect();
    json!({
        "wire_version": 1,
        "features": hello.features.to_string(),
        "channel": hello.channel,
        "protocol": format!("{:032x}", hello.protocol),
        "environment": match hello.environment { EnvType::Native => "native", EnvType::Web => "web" },
        "auth": auth,
        "connect": hex(&hello.connect),
        "canonical": hello.canonical,
        "extensions": {
            "max_msg_size": hello.extensions.max_msg_size,
            "ancestors": ancestors,
        },
    })
}

fn reply(reply: &HandshakeReply) -> (&'static str, Value) {
    match reply {
        HandshakeReply::Welcome(welcome) => ("Welcome", self::welcome(welcome)),
        HandshakeReply::Refused(reason) => ("Refused", refused(reason)),
    }
}

fn welcome(welcome: &Welcome) -> Value {
    json!({
        "features": welcome.features.to_string(),
        "session": welcome.session.to_string(),
        "max_msg_size": welcome.max_msg_size,
        "max_in_flight": welcome.max_in_flight,
        "heartbeat_interval_ms": welcome.heartbeat_interval_ms,
        "keepalive_timeout_ms": welcome.keepalive_timeout_ms,
        "extensions": {},
    })
}

fn refused(reason: &CloseReason) -> Value {
    json!({
        "wire_version": 1,
        "code": reason.close_code(),
        "text": reason.own_text().unwrap_or_default(),
        "retry_after_ms": reason.retry_after().map(super::super::frame::milliseconds),
        "mismatch": match reason {
            CloseReason::ProtocolMismatch(details) => mismatch(details),
            _ => Value::Null,
        },
    })
}

fn mismatch(mismatch: &ProtocolMismatch) -> Value {
    json!({
        "channel": mismatch.channel,
        "client_hash": format!("{:032x}", mismatch.client_hash.unwrap()),
        "server_hash": format!("{:032x}", mismatch.server_hash.unwrap()),
        "older": match mismatch.older {
            OlderSide::Unknown => "unknown",
            OlderSide::Client => "client",
            OlderSide::Server => "server",
        },
        "changes": mismatch.changes.iter().map(change).collect::<Vec<_>>(),
        "omitted": mismatch.omitted,
    })
}

fn change(change: &ProtocolChange) -> Value {
    let class = |class| match class {
        ChangeClass::Same => "same",
        ChangeClass::SameWithin => "same within",
        ChangeClass::Default => "default",
        ChangeClass::Lossy => "lossy",
        ChangeClass::MayFail => "may fail",
        ChangeClass::Impossible => "impossible",
        ChangeClass::Unknown => "unknown",
    };
    let uses = change.uses.iter().map(|each| {
        let direction = match each.direction {
            ChangeDirection::Client => "client",
            ChangeDirection::Server => "server",
            ChangeDirection::Unknown => "unknown",
        };
        json!({ "direction": direction, "path": each.path })
    });
    json!({
        "path": change.path,
        "client": change.client,
        "server": change.server,
        "uses": uses.collect::<Vec<_>>(),
        "further_uses": change.further_uses,
        "up": class(change.up),
        "down": class(change.down),
    })
}

fn from_client(frame: ClientFrame<'_>) -> (&'static str, Value) {
    match frame {
        ClientFrame::Message(payload) => ("Message", json!({ "payload": hex(payload) })),
        ClientFrame::Request(id, payload) => ("Request", with_id(id, payload)),
        ClientFrame::Token(token) => ("Token", json!({ "token": hex(token.expose()) })),
        ClientFrame::Ping(nonce) => ("Ping", json!({ "nonce": nonce.to_string() })),
        ClientFrame::Pong(nonce) => ("Pong", json!({ "nonce": nonce.to_string() })),
    }
}

fn from_server(frame: ServerFrame<'_>) -> (&'static str, Value) {
    match frame {
        ServerFrame::Message(payload) => ("Message", json!({ "payload": hex(payload) })),
        ServerFrame::Response(id, payload) => ("Response", with_id(id, payload)),
        ServerFrame::Ack(id) => ("Ack", json!({ "id": id.to_string() })),
        ServerFrame::Reject(id) => ("Reject", json!({ "id": id.to_string() })),
        ServerFrame::Ping(nonce) => ("Ping", json!({ "nonce": nonce.to_string() })),
        ServerFrame::Pong(nonce) => ("Pong", json!({ "nonce": nonce.to_string() })),
        ServerFrame::Draining { retry_after } => {
            let milliseconds = retry_after.map(super::super::frame::milliseconds);
            ("Draining", json!({ "retry_after_ms": milliseconds }))
        }
        ServerFrame::Expiry { remaining } => {
            let milliseconds = remaining.map(super::super::frame::milliseconds);
            ("Expiry", json!({ "remaining_ms": milliseconds }))
        }
    }
}

fn with_id(id: u64, payload: &[u8]) -> Value {
    json!({ "id": id.to_string(), "payload": hex(payload) })
}
