use super::pair::{Limits, Pair, from_server, leaked, payload};
use crate::{
    outcome::SendOutcome,
    session::{ClientSessionEvent, SendError, ServerSessionEvent, Session},
    test,
    wire::CloseReason,
};

#[test]
fn s2_messages_and_requests_arrive_in_the_order_of_the_calls() {
    let mut pair = Pair::open(&Limits::default());
    pair.send("one").unwrap();
    pair.request(1, 0).unwrap();
    pair.send("two").unwrap();
    pair.request(2, 0).unwrap();
    pair.deliver_all();
    let order: Vec<String> = pair
        .seen_by_server
        .iter()
        .map(|event| match event {
            ServerSessionEvent::Message(text) => format!("{text:?}"),
            ServerSessionEvent::Request(id, _) => format!("request {id}"),
            ServerSessionEvent::Token(token) => format!("{token:?}"),
        })
        .collect();
    assert_eq!(
        order,
        [
            format!("{:?}", payload("one")),
            "request 1".into(),
            format!("{:?}", payload("two")),
            "request 2".into()
        ]
    );
}

#[test]
fn s4_server_sends_only_after_connected_is_received() {
    let mut pair = Pair::new(&Limits::default());
    assert_eq!(pair.server.send(&from_server("early")), SendOutcome::NotConnected);
    assert!(!pair.server.is_open());
    pair.server.open();
    assert_eq!(pair.server.send(&from_server("in time")), SendOutcome::Queued);
    pair.server.close(CloseReason::kicked("enough"));
    assert_eq!(pair.server.send(&from_server("late")), SendOutcome::NotConnected);
    pair.client.open(1);
    pair.deliver_all();
    assert_eq!(pair.seen_by_client, [ClientSessionEvent::Message(payload("in time"))]);
}

#[test]
fn c4_client_sends_only_after_connected_is_received() {
    let mut pair = Pair::new(&Limits::default());
    assert_eq!(pair.send("early"), Err(SendError::ConnectedNotReceived));
    assert_eq!(pair.request(1, 0), Err(SendError::ConnectedNotReceived));
    // The `Connected` of another session has no effect.
    pair.client.open(7);
    assert_eq!(pair.send("early"), Err(SendError::ConnectedNotReceived));
    pair.client.open(1);
    pair.send("in time").unwrap();
    pair.cut();
    assert_eq!(pair.send("late"), Err(SendError::NotConnected));
}

#[test]
fn s5_messages_answers_and_close_arrive_in_the_order_of_the_calls() {
    let mut pair = Pair::open(&Limits::default());
    pair.request(1, 0).unwrap();
    pair.request(2, 0).unwrap();
    pair.request(3, 0).unwrap();
    pair.deliver_all();
    pair.server.send(&from_server("a"));
    pair.server.answer(2, &crate::wire::ack(2));
    pair.server.send(&from_server("b"));
    pair.server.answer(1, &super::pair::response(1, 0));
    pair.server.answer(3, &crate::wire::reject(3));
    pair.server.close(CloseReason::kicked("done"));
    assert_eq!(pair.server.core().closing(), None, "the close follows the queued frames");
    pair.deliver_all();
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::kicked("done")));
    assert_eq!(
        pair.seen_by_client,
        [
            ClientSessionEvent::Message(payload("a")),
            ClientSessionEvent::Ack(2, "ticket"),
            ClientSessionEvent::Message(payload("b")),
            ClientSessionEvent::Response(1, "ticket", &leaked(&super::pair::response(1, 0))[2..]),
            ClientSessionEvent::Reject(3, "ticket"),
        ]
    );
}

#[test]
fn s5_packed_and_separate_frames_arrive_in_the_order_of_the_calls() {
    let (max_msg_size, outbox_bytes) = (64 * 1024, 1 << 20);
    let mut pair = Pair::open(&Limits { max_msg_size, outbox_bytes, ..Limits::default() });
    let sizes = [1, 2, 2000, 3, 10_000, 4, 5, 7000, 6, 1500, 7];
    let texts: Vec<String> = sizes.iter().map(|&size| "x".repeat(size)).collect();
    for (index, text) in texts.iter().enumerate() {
        let frame = from_server(text);
        // Half of the long frames are broadcasts, which are messages of their own.
        let frame = if index % 2 == 0 { frame.for_many() } else { frame };
        assert_eq!(pair.server.send(&frame), SendOutcome::Queued);
    }
    let messages = pair.hand_server(usize::MAX);
    assert!((2..sizes.len()).contains(&messages), "{messages} messages");
    pair.deliver_to_client(usize::MAX);
    let expected = texts.iter().map(|text| ClientSessionEvent::Message(payload(text)));
    assert_eq!(pair.seen_by_client, expected.collect::<Vec<_>>());
}

#[test]
fn first_close_reason_is_kept() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.close(CloseReason::kicked("first"));
    pair.server.close(CloseReason::ShutDown);
    pair.server.core().abort(CloseReason::Timeout);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::kicked("first")));
}

#[test]
fn frames_of_a_closed_session_are_ignored() {
    let mut pair = Pair::open(&Limits::default());
    pair.send("on its way").unwrap();
    pair.hand_client(1);
    pair.server.close(CloseReason::kicked("enough"));
    pair.deliver_to_server(1);
    assert_eq!(pair.seen_by_server, []);
}

#[test]
fn s5_close_is_not_sent_without_the_frames_before_it() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.send(&from_server("never read"));
    pair.server.close(CloseReason::kicked("first"));
    pair.server.core().abort(CloseReason::TakenOver);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::TakenOver));
}
