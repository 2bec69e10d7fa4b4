use std::time::Duration;

use super::pair::{Limits, Pair, from_server, response};
use crate::{
    outcome::SendOutcome,
    session::{ClientSessionEvent, EndedRequest, RequestEnd, SendError, Session},
    test,
    wire::{self, CloseReason},
};

#[test]
fn c2_an_answer_ends_its_request_once() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.settle();
    assert_eq!(pair.server.answer(1, response(1, 0)), SendOutcome::Queued);
    assert_eq!(pair.server.answer(1, wire::ack(1)), SendOutcome::NotConnected);
    pair.settle();
    assert!(matches!(pair.seen_by_client[..], [ClientSessionEvent::Response(1, "ticket", _)]));
    assert_eq!(pair.cut(), [], "it has ended already");
}

#[test]
fn c6_send_failed_says_never_handed_and_response_lost_says_nobody_knows() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.request(2, 0).unwrap();
    pair.request(3, 0).unwrap();
    pair.hand_client(1);
    pair.hand_client_unflushed(1);
    let ended = pair.cut();
    let end = |id, end| EndedRequest { id, ticket: "ticket", end };
    assert_eq!(
        ended,
        [
            end(1, RequestEnd::ResponseLost),
            end(2, RequestEnd::ResponseLost),
            end(3, RequestEnd::SendFailed),
        ]
    );
}

#[test]
fn c3_the_end_of_a_session_leaves_no_request_behind() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    assert_eq!(pair.cut().len(), 1);
    assert_eq!(pair.cut(), [], "given back once");
}

#[test]
fn s6_an_answer_to_what_was_not_asked_is_dropped() {
    let mut pair = Pair::open(&Limits::default());
    assert_eq!(pair.server.answer(9, wire::ack(9)), SendOutcome::NotConnected);
    assert!(!pair.server.is_in_flight(9));
    pair.settle();
    assert_eq!(pair.seen_by_client, []);
}

#[test]
fn an_answer_the_client_did_not_ask_for_ends_the_session() {
    let mut pair = Pair::open(&Limits::default());
    assert_eq!(pair.client.handle_frame(pair.now, wire::ack(5)), None);
    assert!(matches!(pair.client.core().closing(), Some(CloseReason::ProtocolViolation(_))));
}

#[test]
fn another_requests_response_ends_the_session_and_the_request() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.settle();
    pair.server.answer(1, response(1, 3));
    pair.settle();
    assert_eq!(pair.seen_by_client, []);
    assert!(matches!(pair.client.core().closing(), Some(CloseReason::ProtocolViolation(_))));
    assert_eq!(pair.cut().len(), 1, "the request still ends");
}

#[test]
fn the_client_keeps_to_the_cap_by_itself() {
    let mut pair = Pair::open(&Limits { max_in_flight: 2, ..Limits::default() });
    pair.request(1, 0).unwrap();
    pair.request(2, 0).unwrap();
    assert_eq!(pair.request(3, 0), Err(SendError::TooManyInFlight));
    pair.settle();
    pair.server.answer(1, wire::ack(1));
    pair.settle();
    pair.request(4, 0).unwrap();
    pair.settle();
    assert_eq!(pair.server.core().closing(), None);
}

#[test]
fn a_cancelled_request_counts_until_it_is_answered() {
    let mut pair = Pair::open(&Limits { max_in_flight: 1, ..Limits::default() });
    pair.request(1, 0).unwrap();
    assert_eq!(pair.client.cancel(1), Some("ticket"));
    assert_eq!(pair.request(2, 0), Err(SendError::TooManyInFlight));
    pair.settle();
    pair.server.answer(1, wire::ack(1));
    pair.settle();
    assert_eq!(pair.seen_by_client, [], "nobody waits for it");
    pair.request(2, 0).unwrap();
    pair.client.cancel(2);
    assert_eq!(pair.cut(), [], "a cancelled request leaves nothing behind");
}

#[test]
fn a_client_beyond_the_cap_is_closed() {
    let mut pair = Pair::open(&Limits { max_in_flight: 2, ..Limits::default() });
    for id in 1..=3 {
        let frame = wire::request(id, &0_u8, usize::MAX).unwrap();
        let event = pair.server.handle_frame(pair.now, frame);
        assert_eq!(event.is_some(), id <= 2);
    }
    assert!(matches!(pair.server.core().closing(), Some(CloseReason::ProtocolViolation(_))));
}

#[test]
fn a_client_that_reuses_an_id_in_flight_is_closed() {
    let mut pair = Pair::open(&Limits::default());
    let frame = wire::request(1, &0_u8, usize::MAX).unwrap();
    assert!(pair.server.handle_frame(pair.now, frame.clone()).is_some());
    assert!(pair.server.handle_frame(pair.now, frame).is_none());
    assert!(matches!(pair.server.core().closing(), Some(CloseReason::ProtocolViolation(_))));
}

#[test]
fn draining_closes_once_the_last_request_is_answered() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.settle();
    pair.server.drain(None);
    pair.request(2, 0).unwrap();
    pair.settle();
    assert_eq!(pair.server.core().closing(), None, "a request waits for its answer");
    assert!(
        matches!(pair.seen_by_client[..], [ClientSessionEvent::Reject(2, _)]),
        "later ones are rejected"
    );
    pair.server.answer(1, response(1, 0));
    pair.settle();
    let draining = CloseReason::Draining { retry_after: None };
    assert_eq!(pair.server.core().closing(), Some(&draining));
    assert_eq!(pair.client.explain(CloseReason::ShutDown), draining, "the client was told before");
    let kicked = CloseReason::kicked("for good");
    assert_eq!(pair.client.explain(kicked.clone()), kicked, "which hides nothing else");
}

#[test]
fn c8_draining_rejects_nothing_before_the_client_is_greeted() {
    let mut pair = Pair::new(&Limits::default());
    pair.client.open(1);
    pair.request(1, 0).unwrap();
    pair.settle();
    pair.server.drain(None);
    for taken in [false, true] {
        if taken {
            pair.server.open();
        }
        pair.request(2 + u64::from(taken), 0).unwrap();
        pair.settle();
    }
    assert_eq!(pair.seen_by_client, []);
    assert_eq!(pair.seen_by_server.len(), 3, "the application gets all of them");
    pair.server.send(from_server("welcome"));
    pair.server.connected_handled();
    pair.request(4, 0).unwrap();
    pair.settle();
    assert!(matches!(
        pair.seen_by_client[..],
        [ClientSessionEvent::Message(_), ClientSessionEvent::Reject(4, _)]
    ));
    for id in 1..=3 {
        pair.server.answer(id, response(id, 0));
    }
    assert!(pair.server.core().outbox().is_closed(), "as soon as all are answered");
}

#[test]
fn draining_gives_up_nothing_that_waits() {
    let mut pair = Pair::open(&Limits { outbox_bytes: 20, ..Limits::default() });
    assert_eq!(pair.server.send(from_server("the last words")), SendOutcome::Queued);
    assert_eq!(pair.server.send(from_server("too many")), SendOutcome::Overflow);
    let mut pair = Pair::open(&Limits { outbox_bytes: 20, ..Limits::default() });
    assert_eq!(pair.server.send(from_server("the last words")), SendOutcome::Queued);
    pair.server.drain(None);
    pair.settle();
    assert!(matches!(pair.seen_by_client[..], [ClientSessionEvent::Message(_)]));
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Draining { retry_after: None }));
}

#[test]
fn draining_closes_at_once_where_nothing_is_asked() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.drain(None);
    pair.settle();
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Draining { retry_after: None }));
}

#[test]
fn a_request_ends_at_its_deadline() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.request(2, 0).unwrap();
    pair.client.set_deadline(2, pair.now + Duration::from_secs(5));
    pair.client.set_deadline(1, pair.now + Duration::from_secs(2));
    pair.settle();
    pair.advance_connected(Duration::from_millis(1900));
    assert_eq!(pair.seen_by_client, []);
    pair.advance_connected(Duration::from_millis(200));
    assert_eq!(pair.seen_by_client, [ClientSessionEvent::Expired(1, "ticket")]);
    // Its answer comes too late, and counts as one all the same.
    pair.server.answer(1, wire::ack(1));
    pair.server.answer(2, wire::ack(2));
    pair.settle();
    assert_eq!(pair.seen_by_client[1..], [ClientSessionEvent::Ack(2, "ticket")]);
    pair.advance_connected(Duration::from_secs(10));
    assert_eq!(pair.seen_by_client.len(), 2);
    assert_eq!(pair.cut(), []);
}
