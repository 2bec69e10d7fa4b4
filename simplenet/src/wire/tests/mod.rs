//! The wire as a whole: golden vectors, round trips, and invalid bytes.

mod extensions;
mod reasons;
mod vectors;

use std::time::Duration;

use bytes::Bytes;
use proptest::{collection, option, prelude::*};

use super::{
    Auth, ChangeClass, ChangeDirection, ChangeUse, ClientFrame, CloseReason, DecodeError,
    EncodeError, FrameError, HandshakeReply, Hello, HelloError, HelloExtensions, MAX_HELLO_BYTES,
    OlderSide, OutgoingFrame, ProtocolChange, ProtocolMismatch, ServerFrame, Welcome, ack,
    client_message, draining, encode, encode_refused, frame::Kind, ping, pong, reject, request,
    response, server_message, token,
};
use crate::{auth::AuthToken, env::EnvType, test};

const SPECIFICATION: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md"));

const HASH: u128 = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff;

/// Returns one frame of each kind with its name in `docs/vectors.json`.
fn golden() -> Vec<(&'static str, Bytes)> {
    let mut vectors = hellos();
    vectors.extend([
        ("message from a client", bytes(&client_message(&(7_u32, "hi"), 99).unwrap())),
        ("request 300", bytes(&request(300, &(7_u32, "hi"), 99).unwrap())),
        ("token", bytes(&token(b"token"))),
        ("ping", bytes(&ping(1))),
        ("pong", bytes(&pong(u64::MAX))),
        ("welcome", welcome().encode()),
        ("message from a server", bytes(&server_message(&(7_u32, "hi"), 99).unwrap())),
        ("response to 300", bytes(&response(300, &(7_u32, "hi"), 99).unwrap())),
        ("ack of 5", bytes(&ack(5))),
        ("reject of 5", bytes(&reject(5))),
        ("draining", bytes(&draining(None))),
        ("draining for 2 s", bytes(&draining(Some(Duration::from_secs(2))))),
        ("refused: full", encode_refused(&full())),
        ("refused: mismatch", encode_refused(&CloseReason::ProtocolMismatch(mismatch().into()))),
    ]);
    vectors
}

/// Returns the bytes of a frame without its length.
fn bytes(frame: &OutgoingFrame) -> Bytes {
    Bytes::copy_from_slice(frame.frame())
}

fn hellos() -> Vec<(&'static str, Bytes)> {
    let anonymous = Hello {
        features: 0,
        channel: "chat".to_owned(),
        protocol: HASH,
        environment: EnvType::Native,
        auth: Auth::None { client_id: 7 },
        connect: encode("Ada", 99).unwrap(),
        canonical: None,
        extensions: HelloExtensions::default(),
    };
    let secret = Hello {
        environment: EnvType::Web,
        auth: Auth::Secret { client_id: 7, secret: b"open".to_vec().into() },
        canonical: Some("form".to_owned()),
        ..anonymous.clone()
    };
    let token = Hello { auth: Auth::Token(b"token".to_vec().into()), ..anonymous.clone() };
    let extended = Hello {
        extensions: HelloExtensions { max_msg_size: Some(1 << 20), ancestors: vec![2, HASH] },
        ..anonymous.clone()
    };
    vec![
        ("hello", anonymous.encode().unwrap()),
        ("hello with secret and canonical form", secret.encode().unwrap()),
        ("hello with token", token.encode().unwrap()),
        ("hello with extensions", extended.encode().unwrap()),
    ]
}

fn welcome() -> Welcome {
    Welcome {
        features: 0,
        session: 1,
        max_msg_size: 1 << 20,
        max_in_flight: 256,
        heartbeat_interval_ms: 5000,
        keepalive_timeout_ms: 15_000,
    }
}

fn full() -> CloseReason {
    CloseReason::ServerFull { retry_after: Some(Duration::from_millis(1500)) }
}

fn mismatch() -> ProtocolMismatch {
    let (client, server) = (Some("u32".to_owned()), Some("u64".to_owned()));
    let classes = [ChangeClass::Same, ChangeClass::SameWithin];
    let uses = [
        (ChangeDirection::Client, "Join.room"),
        (ChangeDirection::Client, "Say.room"),
        (ChangeDirection::Server, "Posted.room"),
    ];
    let change = ProtocolChange {
        uses: uses.map(|(direction, path)| ChangeUse::new(direction, path)).into(),
        ..ProtocolChange::new("RoomId.0", client, server, classes)
    };
    ProtocolMismatch {
        older: OlderSide::Client,
        changes: vec![change],
        ..ProtocolMismatch::new("chat", 1, HASH)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Decodes the bytes as every type of frame, in both directions.
fn decode_as_everything(bytes: &Bytes) {
    let _ = Hello::decode(bytes.clone());
    let _ = HandshakeReply::decode(bytes);
    let _ = ClientFrame::decode(bytes);
    let _ = ServerFrame::decode(bytes);
}

#[test]
fn damaged_frames_never_panic() {
    for (_, bytes) in golden() {
        for length in 0..bytes.len() {
            decode_as_everything(&bytes.slice(..length));
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            decode_as_everything(&flipped.into());
        }
    }
}

#[test]
fn frames_of_wrong_length_are_malformed() {
    for (name, bytes) in golden() {
        let Ok(kind) = Kind::of(&bytes) else { panic!("{name}") };
        let decode = |bytes: Bytes| match kind {
            Kind::Hello => Hello::decode(bytes).map(drop).map_err(|error| match error {
                HelloError::Frame(error) => error,
                HelloError::Version(version) => panic!("{version}"),
            }),
            Kind::Welcome | Kind::Refused => HandshakeReply::decode(&bytes).map(drop),
            kind if kind.is_from_server() => ServerFrame::decode(&bytes).map(drop),
            _ => ClientFrame::decode(&bytes).map(drop),
        };
        assert_eq!(decode(bytes.clone()), Ok(()), "{name}");
        if matches!(
            kind,
            Kind::ClientMessage
                | Kind::Request
                | Kind::Token
                | Kind::ServerMessage
                | Kind::Response
        ) {
            continue;
        }
        let malformed = |error| Err(FrameError::Malformed { kind, error });
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(decode(longer.into()), malformed(DecodeError::Trailing), "{name}");
        let shorter = bytes.slice(..bytes.len() - 1);
        assert_eq!(decode(shorter), malformed(DecodeError::Truncated), "{name}");
    }
}

#[test]
fn frames_of_the_wrong_direction_are_refused() {
    assert_eq!(ClientFrame::decode(&[]), Err(FrameError::Empty));
    assert_eq!(ServerFrame::decode(&[]), Err(FrameError::Empty));
    for byte in 0..=u8::MAX {
        let frame = Bytes::copy_from_slice(&[byte, 0]);
        let from_client = ClientFrame::decode(&frame);
        let from_server = ServerFrame::decode(&frame);
        let Ok(kind) = Kind::of(&frame) else {
            assert_eq!(from_client, Err(FrameError::UnknownKind(byte)));
            assert_eq!(from_server, Err(FrameError::UnknownKind(byte)));
            continue;
        };
        assert_eq!(kind as u8, byte);
        match kind {
            Kind::Hello => {
                assert_eq!(from_client, Err(FrameError::OutOfPlace(kind)));
                assert_eq!(from_server, Err(FrameError::WrongDirection(kind)));
            }
            Kind::Welcome | Kind::Refused => {
                assert_eq!(from_client, Err(FrameError::WrongDirection(kind)));
                assert_eq!(from_server, Err(FrameError::OutOfPlace(kind)));
            }
            Kind::Ping | Kind::Pong => {
                assert!(from_client.is_ok() && from_server.is_ok());
            }
            Kind::ClientMessage | Kind::Request | Kind::Token => {
                assert!(from_client.is_ok());
                assert_eq!(from_server, Err(FrameError::WrongDirection(kind)));
            }
            _ => {
                assert!(from_server.is_ok());
                assert_eq!(from_client, Err(FrameError::WrongDirection(kind)));
            }
        }
    }
}

#[test]
fn connect_message_shares_the_memory_of_the_hello() {
    let frame = hellos()[0].1.clone();
    let hello = Hello::decode(frame.clone()).unwrap();
    assert!(frame.as_ptr_range().contains(&hello.connect.as_ptr()));
    assert_eq!(super::codec::decode(&hello.connect), Ok("Ada"));
}

#[test]
fn hello_of_another_version_is_recognized_by_its_prefix() {
    for version in [0_u16, 2, 0xffff] {
        let [low, high] = version.to_le_bytes();
        for rest in [&b""[..], b"fields of that version"] {
            let frame = [&[0x01, low, high], rest].concat();
            assert_eq!(Hello::decode(frame.into()), Err(HelloError::Version(version)));
        }
    }
    let early = request(1, &(), 9).unwrap();
    let error = Hello::decode(bytes(&early)).unwrap_err();
    assert_eq!(error, HelloError::Frame(FrameError::OutOfPlace(Kind::Request)));
}

#[test]
fn refusal_of_another_version_contains_that_version() {
    let frame = [0x42, 9, 0, 1, 2, 3];
    let reason = CloseReason::WireVersion { ours: 1, theirs: Some(9) };
    assert_eq!(HandshakeReply::decode(&frame), Ok(HandshakeReply::Refused(reason)));
}

#[test]
fn oversized_hello_omits_its_canonical_form() {
    let (_, frame) = hellos().remove(1);
    let mut hello = Hello::decode(frame).unwrap();
    hello.canonical = Some("x".repeat(MAX_HELLO_BYTES));
    hello.extensions.max_msg_size = Some(9);
    let frame = hello.encode().unwrap();
    assert_eq!(Hello::decode(frame).unwrap(), Hello { canonical: None, ..hello.clone() });

    hello.connect = vec![0; MAX_HELLO_BYTES].into();
    assert!(hello.encode().is_err());
}

#[test]
fn longest_token_fits_into_its_field() {
    assert_eq!(super::hello::MAX_TOKEN_BYTES, AuthToken::MAX_BYTES);
}

#[test]
fn oversized_fields_of_a_hello_are_refused() {
    let (_, frame) = hellos().remove(1);
    let hello = Hello::decode(frame).unwrap();
    let whole = [&[0x01, 1, 0], &vec![0; MAX_HELLO_BYTES][..]].concat();
    let too_long =
        FrameError::Malformed { kind: Kind::Hello, error: DecodeError::Invalid("size: too long") };
    assert_eq!(Hello::decode(whole.into()), Err(HelloError::Frame(too_long)));
    let long_name = Hello { channel: "x".repeat(257), ..hello.clone() };
    assert!(Hello::decode(long_name.encode().unwrap()).is_err());

    let long_secret = Hello {
        auth: Auth::Secret { client_id: 1, secret: vec![0; 1025].into() },
        ..hello.clone()
    };
    assert!(matches!(long_secret.encode(), Err(EncodeError::Unsupported(_))));
    let token = |length| Hello { auth: Auth::Token(vec![0; length].into()), ..hello.clone() };
    assert!(Hello::decode(token(AuthToken::MAX_BYTES).encode().unwrap()).is_ok());
    assert!(Hello::decode(token(AuthToken::MAX_BYTES + 1).encode().unwrap()).is_err());
    assert!(ClientFrame::decode(super::token(&[0; AuthToken::MAX_BYTES]).frame()).is_ok());
    assert!(ClientFrame::decode(super::token(&[0; AuthToken::MAX_BYTES + 1]).frame()).is_err());
    let (_, frame) = hellos().remove(1);
    let at = frame.windows(5).position(|bytes| bytes == b"\x04open").unwrap();
    for (length, is_accepted) in [(1024_u16, true), (1025, false)] {
        let [low, high] = length.to_le_bytes();
        let secret = [&[251, low, high], &vec![b'x'; length.into()][..]].concat();
        let frame = [&frame[..at], &secret, &frame[at + 5..]].concat();
        assert_eq!(Hello::decode(frame.into()).is_ok(), is_accepted);
    }
}

#[test]
fn debug_output_hides_payloads_and_secrets() {
    let (_, frame) = hellos().remove(1);
    let hello = format!("{:?}", Hello::decode(frame).unwrap());
    let request = request(1, "private", 99).unwrap();
    let request = ClientFrame::decode(request.frame());
    let message = server_message("private", 99).unwrap();
    let message = ServerFrame::decode(message.frame());
    let with_token = format!("{:?}", Hello::decode(hellos()[2].1.clone()).unwrap());
    let token = format!("{:?}", ClientFrame::decode(token(b"private").frame()).unwrap());
    assert!(token == "Token(SecretBytes(..))" && with_token.contains("Token(SecretBytes(..))"));
    let outgoing = format!("{:?}", client_message("private", 99));
    for text in [hello, format!("{request:?}"), format!("{message:?}"), outgoing] {
        assert!(text.contains(" bytes"), "{text}");
        for hidden in ["Ada", "open", "private", "111, 112", "114, 105"] {
            assert!(!text.contains(hidden), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn hello_round_trips(
        features: u64,
        channel in "[a-z]{1,20}",
        protocol: u128,
        web: bool,
        client_id: u128,
        secret in option::of(collection::vec(any::<u8>(), 0..99)),
        token: bool,
        connect in collection::vec(any::<u8>(), 0..99),
        canonical in option::of(".{0,99}"),
        max_msg_size: Option<u32>,
        ancestors in collection::vec(any::<u128>(), 0..=16),
    ) {
        let environment = if web { EnvType::Web } else { EnvType::Native };
        let auth = match secret {
            None => Auth::None { client_id },
            Some(secret) if token => Auth::Token(secret.into()),
            Some(secret) => Auth::Secret { client_id, secret: secret.into() },
        };
        let connect = connect.into();
        let extensions = HelloExtensions { max_msg_size, ancestors };
        let hello = Hello {
            features, channel, protocol, environment, auth, connect, canonical, extensions,
        };
        prop_assert_eq!(Hello::decode(hello.encode().unwrap()), Ok(hello));
    }

    #[test]
    fn welcome_round_trips(
        features: u64,
        session: u64,
        limits: (u32, u32),
        timers: (u32, u32),
    ) {
        let welcome = Welcome {
            features,
            session,
            max_msg_size: limits.0,
            max_in_flight: limits.1,
            heartbeat_interval_ms: timers.0,
            keepalive_timeout_ms: timers.1,
        };
        prop_assert_eq!(
            HandshakeReply::decode(&welcome.encode()),
            Ok(HandshakeReply::Welcome(welcome))
        );
    }

    #[test]
    fn frames_round_trip(id: u64, payload in collection::vec(any::<u8>(), 0..99)) {
        let encoded = encode(&payload, 999).unwrap();
        let retry_after = Some(Duration::from_millis(id & 0xffff_ffff));
        let from_client = [
            (client_message(&payload, 999).unwrap(), ClientFrame::Message(&encoded)),
            (request(id, &payload, 999).unwrap(), ClientFrame::Request(id, &encoded)),
            (token(&payload), ClientFrame::Token(payload.clone().into())),
            (ping(id), ClientFrame::Ping(id)),
            (pong(id), ClientFrame::Pong(id)),
        ];
        for (frame, decoded) in from_client {
            prop_assert_eq!(ClientFrame::decode(frame.frame()), Ok(decoded));
        }
        let from_server = [
            (server_message(&payload, 999).unwrap(), ServerFrame::Message(&encoded)),
            (response(id, &payload, 999).unwrap(), ServerFrame::Response(id, &encoded)),
            (ack(id), ServerFrame::Ack(id)),
            (reject(id), ServerFrame::Reject(id)),
            (ping(id), ServerFrame::Ping(id)),
            (pong(id), ServerFrame::Pong(id)),
            (draining(retry_after), ServerFrame::Draining { retry_after }),
        ];
        for (frame, decoded) in from_server {
            prop_assert_eq!(ServerFrame::decode(frame.frame()), Ok(decoded));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in collection::vec(any::<u8>(), 0..200)) {
        decode_as_everything(&bytes.clone().into());
        for kind in [0x01, 0x41, 0x42] {
            decode_as_everything(&[&[kind, 1, 0], &bytes[..]].concat().into());
        }
    }
}
