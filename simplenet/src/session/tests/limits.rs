use super::pair::{Limits, Pair, from_server, response};
use crate::{
    outcome::SendOutcome,
    session::{RateExcess, RateLimitConfig, SendError, Session, SlowConsumer},
    test,
    wire::{self, CloseReason},
};

#[test]
fn full_outbox_ends_the_session_of_a_slow_consumer() {
    let mut pair = Pair::open(&Limits { outbox_bytes: 100, ..Limits::default() });
    let mut sent = 0;
    while pair.server.send(&from_server("0123456789")) == SendOutcome::Queued {
        sent += 1;
        assert!(sent < 100, "the outbox is bounded");
    }
    assert_eq!(
        pair.server.core().closing(),
        Some(&CloseReason::SlowConsumer),
        "the queued frames are dropped"
    );
    assert_eq!(pair.server.send(&from_server("more")), SendOutcome::NotConnected);
}

#[test]
fn bytes_count_until_they_are_handed_to_the_transport() {
    let mut pair = Pair::open(&Limits { outbox_bytes: 220, ..Limits::default() });
    let text = "0123456789012345678901234567890123456789";
    for _ in 0..100 {
        assert_eq!(pair.server.send(&from_server(text)), SendOutcome::Queued);
        pair.hand_server(1);
    }
    // Frames that the driver has taken, but not handed to the transport, still occupy memory.
    assert_eq!(pair.server.send(&from_server(text)), SendOutcome::Queued);
    pair.hand_server(0);
    assert_eq!(pair.server.send(&from_server(text)), SendOutcome::Queued);
    pair.hand_server(0);
    assert_eq!(pair.server.send(&from_server(text)), SendOutcome::Overflow);
}

#[test]
fn slow_consumer_with_drop_messages_loses_single_messages() {
    let mut pair = Pair::open(&Limits {
        outbox_bytes: 100,
        slow_consumer: SlowConsumer::DropMessages,
        ..Limits::default()
    });
    pair.request(1, 0).unwrap();
    pair.deliver_all();
    assert_eq!(pair.server.send(&from_server("0123456789012345678901234")), SendOutcome::Queued);
    assert_eq!(pair.server.send(&from_server("0123456789")), SendOutcome::Overflow);
    assert_eq!(pair.server.core().closing(), None);
    assert_eq!(pair.server.answer(1, &response(1, 0)), SendOutcome::Queued, "the answer fits");
}

#[test]
fn answer_without_space_ends_the_session() {
    let mut pair = Pair::open(&Limits {
        outbox_bytes: 30,
        slow_consumer: SlowConsumer::DropMessages,
        ..Limits::default()
    });
    pair.request(1, 0).unwrap();
    pair.deliver_all();
    pair.server.send(&from_server("01234567890123456789012345678"));
    let answer = wire::response(1, "0123456789", usize::MAX).unwrap();
    assert_eq!(pair.server.answer(1, &answer), SendOutcome::Overflow);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::SlowConsumer));
}

#[test]
fn full_outbox_of_a_client_refuses_messages() {
    let mut pair = Pair::open(&Limits { outbox_bytes: 20, ..Limits::default() });
    pair.send("0123456789").unwrap();
    assert_eq!(pair.send("0123456789"), Err(SendError::Overflow));
    assert_eq!(pair.client.core().closing(), None, "the session continues");
    pair.hand_client(1);
    pair.send("0123456789").unwrap();
}

#[test]
fn message_beyond_the_servers_limit_is_not_sent() {
    let mut pair = Pair::open(&Limits { max_msg_size: 8, ..Limits::default() });
    assert_eq!(pair.send("0123456789"), Err(SendError::TooLarge));
    pair.send("01234").unwrap();
}

#[test]
fn packed_messages_are_within_the_limits_of_every_receiver() {
    let (outbox_bytes, max_msg_size) = (1 << 20, 64 * 1024);
    let mut pair = Pair::open(&Limits { outbox_bytes, max_msg_size, ..Limits::default() });
    for size in (0..300).map(|number| number * number % 5000) {
        assert_eq!(pair.server.send(&from_server(&"x".repeat(size))), SendOutcome::Queued);
    }
    let mut messages = Default::default();
    pair.server.core().outbox().take(&mut messages);
    assert!(messages.len() < 200, "{} messages", messages.len());
    for message in messages {
        let bytes = message.into_bytes();
        assert!(bytes.len() <= wire::PACKED_BYTES, "{} bytes", bytes.len());
    }
}

#[test]
fn invalid_frames_end_the_session() {
    for garbage in [&b""[..], b"\xff", b"\x41", b"\x03", b"\x01\x01\x00", b"\x10\x05\x05"] {
        let mut pair = Pair::open(&Limits::default());
        assert_eq!(pair.server.handle_frame(pair.now, garbage), None);
        assert!(
            matches!(pair.server.core().closing(), Some(CloseReason::ProtocolViolation(_))),
            "{garbage:?}"
        );
        assert_eq!(pair.client.handle_frame(pair.now, garbage), None);
        assert!(matches!(pair.client.core().closing(), Some(CloseReason::ProtocolViolation(_))));
    }
}

#[test]
fn client_beyond_the_rate_is_throttled() {
    let limit = RateLimitConfig { per_second: 10, burst: 2, on_excess: RateExcess::Throttle };
    let mut pair = Pair::open(&Limits { rate: Some(limit), ..Limits::default() });
    pair.send("one").unwrap();
    pair.deliver_all();
    assert_eq!(pair.server.throttled_until(), None);
    pair.send("two").unwrap();
    pair.deliver_all();
    let until = pair.now + std::time::Duration::from_millis(100);
    assert_eq!(pair.server.throttled_until(), Some(until));
    assert_eq!(
        pair.server.next_timeout(),
        Some(until),
        "the session requests a timeout at that time"
    );
    pair.advance(std::time::Duration::from_millis(100));
    assert_eq!(pair.server.throttled_until(), None);
    assert_eq!(pair.server.core().closing(), None);
}

#[test]
fn client_beyond_the_rate_is_closed_if_configured() {
    let limit = RateLimitConfig { per_second: 10, burst: 2, on_excess: RateExcess::Close };
    let mut pair = Pair::open(&Limits { rate: Some(limit), ..Limits::default() });
    for text in ["one", "two", "three"] {
        pair.send(text).unwrap();
    }
    pair.deliver_all();
    assert_eq!(pair.seen_by_server.len(), 2, "messages within the rate are received");
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::RateLimited { retry_after: None }));
}
