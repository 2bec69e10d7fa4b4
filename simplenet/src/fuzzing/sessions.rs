use std::{iter, time::Duration};

use bytes::Bytes;

use crate::{
    session::{
        ClientSession, ClientSessionEvent, ClientSessionLimits, Heartbeat, ServerSession,
        ServerSessionEvent, ServerSessionLimits, Session, SlowConsumer,
    },
    time::{self, Instant},
    wire::{self, CloseReason},
};

const MAX_IN_FLIGHT: usize = 3;
const MAX_MSG_SIZE: usize = 1500;

/// Receives the message as a server, whose application answers nothing.
pub(super) fn receive_as_server(message: &[u8]) {
    let now = time::now();
    let limits = ServerSessionLimits {
        outbox_bytes: 0,
        max_incoming: MAX_MSG_SIZE,
        max_outgoing: MAX_MSG_SIZE,
        max_in_flight: MAX_IN_FLIGHT,
        heartbeat: heartbeat(),
        slow_consumer: SlowConsumer::Disconnect,
        rate: None,
    };
    let mut session = ServerSession::new(limits, Bytes::new(), now);
    session.open();
    session.connected_handled();
    let mut requests = Vec::new();
    for event in receive(&mut session, message, now) {
        if let ServerSessionEvent::Request(id, _) = event {
            assert!(!requests.contains(&id), "request {id} is received twice");
            requests.push(id);
        }
    }
    assert!(requests.len() <= MAX_IN_FLIGHT, "{} requests in flight", requests.len());
    let is_open = session.is_open();
    assert!(requests.iter().all(|id| session.is_in_flight(*id) == is_open));
}

/// Receives the message as a client with requests in flight. Each request ends exactly once.
pub(super) fn receive_as_client(message: &[u8]) {
    let now = time::now();
    let limits = ClientSessionLimits {
        outbox_bytes: 1024,
        max_in_flight: MAX_IN_FLIGHT,
        max_msg_size: MAX_MSG_SIZE,
        max_incoming: MAX_MSG_SIZE,
        heartbeat: heartbeat(),
    };
    let mut session = ClientSession::new(1, limits, now);
    session.open(1);
    let requests = 1..=MAX_IN_FLIGHT as u64;
    for id in requests.clone() {
        let frame = wire::request(id, &0_u8, MAX_MSG_SIZE).expect("a short request");
        session.request(id, &frame, None, id).expect("the request fits into the outbox");
    }
    let mut ended = Vec::new();
    for event in receive(&mut session, message, now) {
        match event {
            ClientSessionEvent::Message(_) => {}
            ClientSessionEvent::Response(id, ticket, _)
            | ClientSessionEvent::Ack(id, ticket)
            | ClientSessionEvent::Reject(id, ticket) => {
                assert_eq!(id, ticket);
                ended.push(id);
            }
            ClientSessionEvent::Expired(id, _) => panic!("request {id} has no deadline"),
        }
    }
    let lost = session.end(CloseReason::ConnectionLost(String::new()));
    ended.extend(lost.iter().map(|request| request.ticket));
    ended.sort_unstable();
    assert!(ended.into_iter().eq(requests), "each request has one outcome");
}

/// Processes the message in the way of the driver. Asserts that a violation ends the session, and
/// that a closed session emits no event.
fn receive<'a, S: Session>(session: &mut S, message: &'a [u8], now: Instant) -> Vec<S::Event<'a>> {
    let mut events = Vec::new();
    for frame in wire::frames(message) {
        let was_closed = session.core().outbox().is_closed();
        let is_violation = match frame {
            Ok(frame) => {
                let event = session.handle_frame(now, frame);
                assert!(!was_closed || event.is_none(), "an event after the close");
                events.extend(event);
                frame.len() > MAX_MSG_SIZE
            }
            Err(error) => {
                session.core().handle_invalid(error);
                true
            }
        };
        assert!(!is_violation || session.core().outbox().is_closed(), "a violation has no effect");
    }
    // Any number of pings gets one pong.
    let heartbeats = iter::from_fn(|| session.core().take_heartbeat()).take(2).count();
    assert!(heartbeats <= 1, "more than one heartbeat frame is due");
    events
}

fn heartbeat() -> Heartbeat {
    Heartbeat::new(Duration::MAX, Duration::MAX, Duration::MAX)
}
