//! Close reasons in refusals and in WebSocket close frames.

use std::time::Duration;

use proptest::{option, prelude::*};

use super::{HASH, mismatch};
use crate::{
    test,
    wire::{
        ChangeLevel, CloseReason, FrameError, HandshakeReply, MAX_HELLO_BYTES, OlderSide,
        ProtocolChange, ProtocolMismatch, encode_refused,
    },
};

fn reason() -> impl Strategy<Value = CloseReason> {
    let text = "[a-z é]{0,60}";
    let retry_after = option::of(any::<u32>().prop_map(|ms| Duration::from_millis(ms.into())));
    prop_oneof![
        text.prop_map(CloseReason::Kicked),
        (0_u16..900, text).prop_map(|(code, text)| CloseReason::Application { code, text }),
        Just(CloseReason::ShutDown),
        retry_after.clone().prop_map(|retry_after| CloseReason::Draining { retry_after }),
        Just(CloseReason::WireVersion { ours: 1, theirs: Some(1) }),
        text.prop_map(CloseReason::AuthenticationRefused),
        Just(CloseReason::TakenOver),
        retry_after.clone().prop_map(|retry_after| CloseReason::ServerFull { retry_after }),
        Just(CloseReason::DuplicateId),
        retry_after.prop_map(|retry_after| CloseReason::RateLimited { retry_after }),
        Just(CloseReason::Timeout),
        text.prop_map(CloseReason::ProtocolViolation),
        Just(CloseReason::MessageTooBig),
        Just(CloseReason::SlowConsumer),
        Just(CloseReason::AuthenticationExpired),
        (4000_u16..4100, text)
            .prop_filter("a code with a meaning", |(code, _)| {
                !matches!(code, 4000..=4004 | 4050..=4059)
            })
            .prop_map(|(code, text)| CloseReason::Other { code, text }),
        Just(CloseReason::ProtocolMismatch(mismatch().into())),
    ]
}

proptest! {
    #[test]
    fn refusal_round_trips(reason in reason()) {
        let frame = encode_refused(&reason);
        prop_assert_eq!(HandshakeReply::decode(&frame), Ok(HandshakeReply::Refused(reason)));
    }

    #[test]
    fn close_round_trips_without_its_retry_after(reason in reason()) {
        let read = CloseReason::from_server_close(reason.close_code(), &reason.close_text());
        prop_assert_eq!(read.close_code(), reason.close_code());
        prop_assert_eq!(read.is_terminal(), reason.is_terminal());
        prop_assert_eq!(read.is_application(), reason.is_application());
        let expected = match reason {
            CloseReason::ServerFull { .. } => CloseReason::ServerFull { retry_after: None },
            CloseReason::RateLimited { .. } => CloseReason::RateLimited { retry_after: None },
            CloseReason::Draining { .. } => CloseReason::Draining { retry_after: None },
            CloseReason::ProtocolMismatch(_) => CloseReason::ProtocolMismatch(Box::default()),
            CloseReason::WireVersion { ours, .. } => CloseReason::WireVersion { ours, theirs: None },
            reason => reason,
        };
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn arbitrary_close_yields_a_bounded_reason(code: u16, text: String) {
        for reason in [
            CloseReason::from_server_close(code, &text),
            CloseReason::from_client_close(code, &text),
        ] {
            prop_assert!(reason.close_text().len() <= 123);
            prop_assert!(!reason.to_string().chars().any(char::is_control));
            prop_assert!(matches!(reason.close_code(), 1000 | 4000..=4999));
        }
    }

    #[test]
    fn clients_cannot_send_reasons_of_the_server(code: u16, text: String) {
        let reason = CloseReason::from_client_close(code, &text);
        let allowed = matches!(
            reason,
            CloseReason::ClosedByClient
                | CloseReason::Timeout
                | CloseReason::ProtocolViolation(_)
                | CloseReason::MessageTooBig
                | CloseReason::SlowConsumer
                | CloseReason::ConnectionLost(_)
                | CloseReason::Other { .. }
        );
        prop_assert!(allowed, "{reason:?}");
    }
}

#[test]
fn type_names_of_a_peer_are_truncated_and_escaped() {
    let foreign = Some(format!("\x1b[2J{}", "x".repeat(999)));
    let change = ProtocolChange::new("path", foreign.clone(), foreign, ChangeLevel::Additive);
    for text in [change.client.unwrap(), change.server.unwrap()] {
        assert!(text.len() == 256 && !text.contains('\x1b'), "{text}");
    }
}

#[test]
fn long_refusal_is_truncated() {
    let mut large = mismatch();
    let mut change = large.changes[0].clone();
    change.path = "p".repeat(5000);
    change.client = Some("é".repeat(5000));
    large.changes = vec![change; 500];
    let frame = encode_refused(&CloseReason::ProtocolMismatch(large.into()));
    assert!(frame.len() < MAX_HELLO_BYTES);
    let HandshakeReply::Refused(CloseReason::ProtocolMismatch(read)) =
        HandshakeReply::decode(&frame).unwrap()
    else {
        panic!()
    };
    assert_eq!((read.changes.len(), read.omitted), (64, 436));
    assert_eq!(read.changes[0].client.as_deref(), Some(&*"é".repeat(128)));
}

#[test]
fn refusal_beyond_the_limit_of_changes_is_malformed() {
    // The encoding of a refusal with 65 changes, each without path and types.
    let mut frame = vec![0x42, 1, 0, 251, 0xa0, 0x0f, 0, 0, 1, 0, 0, 0, 0, 65];
    frame.extend([0; 4 * 65]);
    frame.push(0);
    assert!(matches!(HandshakeReply::decode(&frame), Err(FrameError::Malformed { .. })));
    frame[13] = 64;
    frame.truncate(14 + 4 * 64);
    frame.push(0);
    assert!(HandshakeReply::decode(&frame).is_ok());
}

#[test]
fn unknown_close_codes_are_terminal_by_their_range() {
    assert!(CloseReason::from_server_close(4049, "").is_terminal());
    assert!(!CloseReason::from_server_close(4099, "").is_terminal());
    assert!(!CloseReason::from_server_close(1011, "").is_terminal());
}

#[test]
fn mismatch_displays_its_changes_and_the_older_side() {
    let mut mismatch = mismatch();
    assert_eq!(
        CloseReason::ProtocolMismatch(mismatch.clone().into()).to_string(),
        "client and server were built from different schemas of channel `chat`: \
         RoomId.0: u32 -> u64; the client is older: update it"
    );
    mismatch.changes.push(ProtocolChange::new(
        "Said.note",
        None,
        Some("String".to_owned()),
        ChangeLevel::BreaksWire,
    ));
    mismatch.omitted = 3;
    mismatch.older = OlderSide::Unknown;
    assert_eq!(
        mismatch.to_string(),
        "client and server were built from different schemas of channel `chat`: \
         RoomId.0: u32 -> u64, Said.note: String (server only), 3 more; build both from the same"
    );
    assert_eq!(
        ProtocolMismatch::new("chat", 1, HASH).to_string(),
        "client and server were built from different schemas of channel `chat` \
         (client 00000000000000000000000000000001, server 00112233445566778899aabbccddeeff); \
         build both from the same"
    );
}

#[test]
fn long_close_text_is_truncated_between_characters() {
    let reason = CloseReason::kicked("é".repeat(100));
    assert_eq!(reason.close_text(), "é".repeat(61));
}
