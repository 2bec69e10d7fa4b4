use std::{future::Future, pin::pin, time::Duration};

use futures_util::task::noop_waker_ref;

use super::*;
use crate::{
    session::{Heartbeat, ServerSession, ServerSessionEvent, ServerSessionLimits, SlowConsumer},
    transport::memory_pair,
    wire,
};

/// Takes everything.
struct Anybody;

impl Application<ServerSessionEvent> for Anybody {
    fn poll_room(&mut self) -> Poll<usize> {
        Poll::Ready(usize::MAX)
    }

    fn deliver(&mut self, events: &mut Vec<ServerSessionEvent>) -> Result<(), CloseReason> {
        events.clear();
        Ok(())
    }
}

const KEEPALIVE: Duration = Duration::from_secs(3);

fn link() -> Link<ServerSession> {
    let limits = ServerSessionLimits {
        outbox_bytes: 4096,
        max_msg_size: 256,
        max_in_flight: 4,
        heartbeat: Heartbeat::new(Duration::from_secs(1), KEEPALIVE, KEEPALIVE),
        slow_consumer: SlowConsumer::Disconnect,
        rate: None,
    };
    Link::new(ServerSession::new(limits, Bytes::new(), time::now()))
}

/// Keeps the driving task from running for longer than any silence is accepted, and then lets it run. The peer sends
/// `words` while it stands still.
async fn stalled(words: Option<Bytes>) -> Poll<CloseReason> {
    let (link, mut application) = (link(), Anybody);
    let (mut peer, mut transport) = memory_pair();
    let mut driving = pin!(drive(&link, &mut transport, &mut application));
    let mut context = Context::from_waker(noop_waker_ref());
    assert!(driving.as_mut().poll(&mut context).is_pending());
    if let Some(words) = words {
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(words).unwrap();
    }
    tokio::time::advance(2 * KEEPALIVE).await;
    driving.as_mut().poll(&mut context).map(|ended| ended.reason)
}

#[tokio::test(start_paused = true)]
async fn what_came_while_the_task_stood_still_is_heard_before_the_silence_is_judged() {
    assert_eq!(stalled(Some(wire::ping(1))).await, Poll::Pending);
}

#[tokio::test(start_paused = true)]
async fn silence_while_the_task_stood_still_is_silence() {
    assert_eq!(stalled(None).await, Poll::Ready(CloseReason::Timeout));
}
