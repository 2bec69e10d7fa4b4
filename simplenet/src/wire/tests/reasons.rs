//! Close reasons in refusals and in WebSocket close frames.

use std::time::Duration;

use proptest::{option, prelude::*};

use super::{HASH, mismatch};
use crate::{
    test,
    wire::{
        ChangeClass, ChangeDirection, ChangeUse, CloseReason, FrameError, HandshakeReply,
        OlderSide, ProtocolChange, ProtocolMismatch, encode_refused,
    },
};

const IMPOSSIBLE: [ChangeClass; 2] = [ChangeClass::Impossible; 2];

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
    let foreign = format!("\x1b[2J{}", "x".repeat(999));
    let side = Some(foreign.clone());
    let change = ProtocolChange::new("path", side.clone(), side, IMPOSSIBLE);
    let path = ChangeUse::new(ChangeDirection::Client, &foreign).path;
    for text in [change.client.unwrap(), change.server.unwrap(), path] {
        assert!(text.len() == 256 && !text.contains('\x1b'), "{text}");
    }
}

/// Encodes a refusal with this mismatch, and decodes it.
fn refused(mismatch: ProtocolMismatch) -> (usize, ProtocolMismatch) {
    let frame = encode_refused(&CloseReason::ProtocolMismatch(mismatch.into()));
    match HandshakeReply::decode(&frame).unwrap() {
        HandshakeReply::Refused(CloseReason::ProtocolMismatch(read)) => (frame.len(), *read),
        other => panic!("{other:?}"),
    }
}

#[test]
fn long_refusal_is_truncated() {
    let mut large = mismatch();
    let mut change = large.changes[0].clone();
    large.changes = vec![change.clone(); 500];
    let (_, read) = refused(large.clone());
    assert_eq!((read.changes.len(), read.omitted), (64, 436));

    change.path = "p".repeat(5000);
    change.client = Some("é".repeat(5000));
    change.uses = vec![ChangeUse::new(ChangeDirection::Server, &"x".repeat(999)); 20];
    change.further_uses = 5;
    large.changes = vec![change; 500];
    let (length, read) = refused(large.clone());
    assert!(length <= 48 * 1024 && length > 40 * 1024, "{length}");
    assert_eq!(read.changes.len() + read.omitted as usize, 500);
    assert_eq!(read.changes[0].client.as_deref(), Some(&*"é".repeat(128)));
    assert_eq!((read.changes[0].uses.len(), read.changes[0].further_uses), (16, 9));
    large.truncate();
    assert_eq!((large.changes.len(), large.omitted), (read.changes.len(), read.omitted));
}

/// Encodes a refusal for another schema with these changes.
fn refusal(changes: &[Vec<u8>]) -> Vec<u8> {
    let mut frame = vec![0x42, 1, 0, 251, 0xa0, 0x0f, 0, 0, 1, 0];
    frame.extend([[1; 16], [2; 16]].concat());
    frame.extend([0, u8::try_from(changes.len()).unwrap()]);
    frame.extend(changes.concat());
    frame.push(0);
    frame
}

/// A change without path and types, with this number of uses.
fn change(uses: u8) -> Vec<u8> {
    let mut change = vec![0, 0, 0, uses];
    change.extend(vec![0; usize::from(uses) * 2]);
    change.extend([0, 0, 0]);
    change
}

#[test]
fn refusal_beyond_its_limits_is_malformed() {
    let is_accepted = |frame: &[u8]| match HandshakeReply::decode(frame) {
        Ok(HandshakeReply::Refused(CloseReason::ProtocolMismatch(_))) => true,
        Err(FrameError::Malformed { .. }) => false,
        other => panic!("{other:?}"),
    };
    assert!(is_accepted(&refusal(&vec![change(0); 64])));
    assert!(!is_accepted(&refusal(&vec![change(0); 65])));
    assert!(is_accepted(&refusal(&[change(16)])));
    assert!(!is_accepted(&refusal(&[change(17)])));
    // A text of this length follows the code.
    let long = |length: usize| {
        let mut frame = vec![0x42, 1, 0, 251, 0xa4, 0x0f, 252];
        frame.extend(u32::try_from(length).unwrap().to_le_bytes());
        frame.extend(vec![b'x'; length]);
        frame.extend([0, 0]);
        frame
    };
    let limit = 48 * 1024;
    let overhead = long(0).len();
    assert!(HandshakeReply::decode(&long(limit - overhead)).is_ok());
    assert!(HandshakeReply::decode(&long(limit - overhead + 1)).is_err());
}

#[test]
fn refusal_for_another_schema_without_the_hashes_is_malformed() {
    let without = [0x42, 1, 0, 251, 0xa0, 0x0f, 0, 0, 0];
    assert!(HandshakeReply::decode(&without).is_err());
}

#[test]
fn unknown_numbers_of_a_mismatch_are_read_as_unknown() {
    for (number, class) in [(4, ChangeClass::MayFail), (6, ChangeClass::Unknown)] {
        let change = vec![1, b'p', 0, 0, 1, 2, 1, b'u', 0, number, number];
        let mut frame = refusal(&[change]);
        frame[42] = 3;
        let reply = HandshakeReply::decode(&frame).unwrap();
        let HandshakeReply::Refused(CloseReason::ProtocolMismatch(mismatch)) = reply else {
            panic!("{reply:?}")
        };
        assert_eq!(mismatch.older, OlderSide::Unknown);
        let change = &mismatch.changes[0];
        assert_eq!((change.up, change.down), (class, class));
        assert_eq!(change.uses, [ChangeUse::new(ChangeDirection::Unknown, "u")]);
        // The unknown values stay unknown if they are encoded again.
        assert_eq!(refused(*mismatch.clone()).1, *mismatch);
    }
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
         RoomId.0: u32 -> u64 (client: Join.room, Say.room; server: Posted.room); \
         the client is older: update it"
    );
    mismatch.changes[0].uses.truncate(1);
    mismatch.changes[0].further_uses = 2;
    let note = Some("String".to_owned());
    mismatch.changes.push(ProtocolChange::new("Said.note", None, note, IMPOSSIBLE));
    mismatch.omitted = 3;
    mismatch.older = OlderSide::Unknown;
    assert_eq!(
        mismatch.to_string(),
        "client and server were built from different schemas of channel `chat`: \
         RoomId.0: u32 -> u64 (client: Join.room; 2 more), Said.note: String (server only), 3 more; \
         build both from the same"
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
