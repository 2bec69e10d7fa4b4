use std::time::Duration;

use super::pair::{Limits, Pair, from_server, response};
use crate::{
    client::{Frame, MessageSignal, MessageStatus},
    outcome::SendOutcome,
    session::{ClientSessionEvent, EndedRequest, RequestEnd, SendError, Session},
    test,
    wire::{self, CloseReason},
};

#[test]
fn c2_answer_ends_its_request_once() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.deliver_all();
    assert_eq!(pair.server.answer(1, &response(1, 0)), SendOutcome::Queued);
    assert_eq!(pair.server.answer(1, &wire::ack(1)), SendOutcome::NotConnected);
    pair.deliver_all();
    assert!(matches!(pair.seen_by_client[..], [ClientSessionEvent::Response(1, "ticket", _)]));
    assert_eq!(pair.cut(), [], "the request has ended already");
}

#[test]
fn c6_unsent_request_fails_and_sent_request_is_lost() {
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
fn c6_packed_frames_are_handed_with_their_message() {
    let mut pair = Pair::open(&Limits { packs: true, max_in_flight: 9, ..Limits::default() });
    for id in 1..=3 {
        pair.request(id, 0).unwrap();
    }
    assert_eq!(pair.hand_client(usize::MAX), 1, "the frames are packed");
    for id in 4..=6 {
        pair.request(id, 0).unwrap();
    }
    let text = pair.send("text").unwrap();
    let progress = pair.client.core().progress().clone();
    let signal = MessageSignal::new(Ok(Frame { progress: progress.clone(), number: text }));
    // A flush counts the handed frames only.
    progress.flush();
    assert_eq!(signal.status(), MessageStatus::Sending);
    let ends: Vec<_> = pair.cut().into_iter().map(|ended| (ended.id, ended.end)).collect();
    let lost = (1..=3).map(|id| (id, RequestEnd::ResponseLost));
    let failed = (4..=6).map(|id| (id, RequestEnd::SendFailed));
    assert_eq!(ends, lost.chain(failed).collect::<Vec<_>>());
    assert_eq!(signal.status(), MessageStatus::Failed(SendError::SessionEnded));
}

#[test]
fn c3_session_end_ends_every_request() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    assert_eq!(pair.cut().len(), 1);
    assert_eq!(pair.cut(), [], "each request is returned once");
}

#[test]
fn s6_answer_to_an_unknown_request_is_dropped() {
    let mut pair = Pair::open(&Limits::default());
    assert_eq!(pair.server.answer(9, &wire::ack(9)), SendOutcome::NotConnected);
    assert!(!pair.server.is_in_flight(9));
    pair.deliver_all();
    assert_eq!(pair.seen_by_client, []);
}

#[test]
fn answer_without_a_request_ends_the_session() {
    let mut pair = Pair::open(&Limits::default());
    assert_eq!(pair.client.handle_frame(pair.now, wire::ack(5).frame()), None);
    assert!(matches!(pair.client.core().closing(), Some(CloseReason::ProtocolViolation(_))));
}

#[test]
fn response_of_another_type_ends_the_session_and_the_request() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.deliver_all();
    pair.server.answer(1, &response(1, 3));
    pair.deliver_all();
    assert_eq!(pair.seen_by_client, []);
    assert!(matches!(pair.client.core().closing(), Some(CloseReason::ProtocolViolation(_))));
    assert_eq!(pair.cut().len(), 1, "the request still ends");
}

#[test]
fn client_does_not_exceed_the_request_limit() {
    let mut pair = Pair::open(&Limits { max_in_flight: 2, ..Limits::default() });
    pair.request(1, 0).unwrap();
    pair.request(2, 0).unwrap();
    assert_eq!(pair.request(3, 0), Err(SendError::TooManyInFlight));
    pair.deliver_all();
    pair.server.answer(1, &wire::ack(1));
    pair.deliver_all();
    pair.request(4, 0).unwrap();
    pair.deliver_all();
    assert_eq!(pair.server.core().closing(), None);
}

#[test]
fn cancelled_request_counts_until_it_is_answered() {
    let mut pair = Pair::open(&Limits { max_in_flight: 1, ..Limits::default() });
    pair.request(1, 0).unwrap();
    assert_eq!(pair.client.cancel(1), Some("ticket"));
    assert_eq!(pair.request(2, 0), Err(SendError::TooManyInFlight));
    pair.deliver_all();
    pair.server.answer(1, &wire::ack(1));
    pair.deliver_all();
    assert_eq!(pair.seen_by_client, [], "a cancelled request has no event");
    pair.request(2, 0).unwrap();
    pair.client.cancel(2);
    assert_eq!(pair.cut(), [], "a cancelled request leaves nothing behind");
}

#[test]
fn client_beyond_the_request_limit_is_closed() {
    let mut pair = Pair::open(&Limits { max_in_flight: 2, ..Limits::default() });
    for id in 1..=3 {
        let frame = wire::request(id, &0_u8, usize::MAX).unwrap();
        let event = pair.server.handle_frame(pair.now, frame.frame());
        assert_eq!(event.is_some(), id <= 2);
    }
    assert!(matches!(pair.server.core().closing(), Some(CloseReason::ProtocolViolation(_))));
}

#[test]
fn client_that_reuses_an_id_in_flight_is_closed() {
    let mut pair = Pair::open(&Limits::default());
    let frame = wire::request(1, &0_u8, usize::MAX).unwrap();
    assert!(pair.server.handle_frame(pair.now, frame.frame()).is_some());
    assert!(pair.server.handle_frame(pair.now, frame.frame()).is_none());
    assert!(matches!(pair.server.core().closing(), Some(CloseReason::ProtocolViolation(_))));
}

#[test]
fn draining_session_closes_after_its_last_answer() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.deliver_all();
    pair.server.drain(None);
    pair.request(2, 0).unwrap();
    pair.deliver_all();
    assert_eq!(pair.server.core().closing(), None, "a request is unanswered");
    assert!(
        matches!(pair.seen_by_client[..], [ClientSessionEvent::Reject(2, _)]),
        "later requests are rejected"
    );
    pair.server.answer(1, &response(1, 0));
    pair.deliver_all();
    let draining = CloseReason::Draining { retry_after: None };
    assert_eq!(pair.server.core().closing(), Some(&draining));
    assert_eq!(
        pair.client.refine_reason(CloseReason::ShutDown),
        draining,
        "the Draining frame came before the close"
    );
    let kicked = CloseReason::kicked("banned");
    assert_eq!(pair.client.refine_reason(kicked.clone()), kicked, "other reasons are kept");
}

#[test]
fn c8_draining_session_rejects_only_after_connected_is_handled() {
    let mut pair = Pair::new(&Limits::default());
    pair.client.open(1);
    pair.request(1, 0).unwrap();
    pair.deliver_all();
    pair.server.drain(None);
    for opened in [false, true] {
        if opened {
            pair.server.open();
        }
        pair.request(2 + u64::from(opened), 0).unwrap();
        pair.deliver_all();
    }
    assert_eq!(pair.seen_by_client, []);
    assert_eq!(pair.seen_by_server.len(), 3, "the application receives all requests");
    pair.server.send(&from_server("welcome"));
    pair.server.connected_handled();
    pair.request(4, 0).unwrap();
    pair.deliver_all();
    assert!(matches!(
        pair.seen_by_client[..],
        [ClientSessionEvent::Message(_), ClientSessionEvent::Reject(4, _)]
    ));
    for id in 1..=3 {
        pair.server.answer(id, &response(id, 0));
    }
    assert!(
        pair.server.core().outbox().is_closed(),
        "the session closes once all requests are answered"
    );
}

#[test]
fn draining_session_keeps_its_queued_frames() {
    let mut pair = Pair::open(&Limits { outbox_bytes: 20, ..Limits::default() });
    assert_eq!(pair.server.send(&from_server("the last text")), SendOutcome::Queued);
    assert_eq!(pair.server.send(&from_server("too many")), SendOutcome::Overflow);
    let mut pair = Pair::open(&Limits { outbox_bytes: 20, ..Limits::default() });
    assert_eq!(pair.server.send(&from_server("the last text")), SendOutcome::Queued);
    pair.server.drain(None);
    pair.deliver_all();
    assert!(matches!(pair.seen_by_client[..], [ClientSessionEvent::Message(_)]));
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Draining { retry_after: None }));
}

#[test]
fn draining_session_without_requests_closes_at_once() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.drain(None);
    pair.deliver_all();
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Draining { retry_after: None }));
}

#[test]
fn request_ends_at_its_deadline() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.request(2, 0).unwrap();
    pair.client.set_deadline(2, pair.now + Duration::from_secs(5));
    pair.client.set_deadline(1, pair.now + Duration::from_secs(2));
    pair.deliver_all();
    pair.advance_connected(Duration::from_millis(1900));
    assert_eq!(pair.seen_by_client, []);
    pair.advance_connected(Duration::from_millis(200));
    assert_eq!(pair.seen_by_client, [ClientSessionEvent::Expired(1, "ticket")]);
    // The answer to the expired request is valid, but dropped.
    pair.server.answer(1, &wire::ack(1));
    pair.server.answer(2, &wire::ack(2));
    pair.deliver_all();
    assert_eq!(pair.seen_by_client[1..], [ClientSessionEvent::Ack(2, "ticket")]);
    pair.advance_connected(Duration::from_secs(10));
    assert_eq!(pair.seen_by_client.len(), 2);
    assert_eq!(pair.cut(), []);
}
