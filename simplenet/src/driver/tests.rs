//! On a clock that stands still, which is tokio's.

#![cfg(not(target_arch = "wasm32"))]

use std::{cell::Cell, future::Future, pin::pin, rc::Rc, time::Duration};

use futures_util::task::noop_waker_ref;

use super::*;
use crate::{
    session::{
        Heartbeat, RateExcess, RateLimitConfig, ServerSession, ServerSessionEvent,
        ServerSessionLimits, SlowConsumer,
    },
    transport::memory_pair,
    wire,
};

/// Takes everything, and counts it.
struct Anybody {
    room: usize,
    heard: Rc<Cell<usize>>,
    /// The most that came at once.
    at_once: Rc<Cell<usize>>,
}

impl Default for Anybody {
    fn default() -> Self {
        Self { room: usize::MAX, heard: Rc::default(), at_once: Rc::default() }
    }
}

impl Application<ServerSessionEvent> for Anybody {
    fn poll_room(&mut self) -> Poll<usize> {
        Poll::Ready(self.room)
    }

    fn deliver(&mut self, events: &mut Vec<ServerSessionEvent>) -> Result<(), CloseReason> {
        let count = events.drain(..).count();
        self.heard.set(self.heard.get() + count);
        self.at_once.set(self.at_once.get().max(count));
        Ok(())
    }
}

const INTERVAL: Duration = Duration::from_secs(1);
const KEEPALIVE: Duration = Duration::from_secs(3);

fn link(rate: Option<RateLimitConfig>) -> Link<ServerSession> {
    let limits = ServerSessionLimits {
        outbox_bytes: 4096,
        max_msg_size: 64 * 1024,
        max_in_flight: 4,
        heartbeat: Heartbeat::new(INTERVAL, KEEPALIVE, KEEPALIVE),
        slow_consumer: SlowConsumer::Disconnect,
        rate,
    };
    Link::new(ServerSession::new(limits, Bytes::new(), time::now()))
}

/// Keeps the driving task from running for longer than any silence is accepted, and then lets it run and hear for the time
/// between two heartbeats. The peer sends `words` while it stands still, and nothing later.
async fn stalled(words: Option<Bytes>) -> Poll<CloseReason> {
    let (link, mut application) = (link(None), Anybody::default());
    let (mut peer, mut transport) = memory_pair();
    let mut driving = pin!(drive(&link, &mut transport, &mut application));
    let mut context = Context::from_waker(noop_waker_ref());
    assert!(driving.as_mut().poll(&mut context).is_pending());
    if let Some(words) = words {
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(words).unwrap();
    }
    tokio::time::advance(2 * KEEPALIVE).await;
    assert!(driving.as_mut().poll(&mut context).is_pending(), "it asks before it judges");
    tokio::time::advance(INTERVAL).await;
    driving.as_mut().poll(&mut context).map(|ended| ended.reason)
}

#[tokio::test(start_paused = true)]
async fn what_came_while_the_task_stood_still_is_heard_before_the_silence_is_judged() {
    assert_eq!(stalled(Some(wire::ping(1))).await, Poll::Pending);
}

#[tokio::test(start_paused = true)]
async fn silence_that_goes_on_after_the_task_stood_still_is_silence() {
    assert_eq!(stalled(None).await, Poll::Ready(CloseReason::Timeout));
}

#[tokio::test(start_paused = true)]
async fn who_is_throttled_is_read_from_as_soon_as_the_rate_allows() {
    let (per_second, burst, on_excess) = (10, 1, RateExcess::Throttle);
    let link = link(Some(RateLimitConfig { per_second, burst, on_excess }));
    let mut application = Anybody::default();
    let heard = application.heard.clone();
    let (mut peer, mut transport) = memory_pair();
    let mut driving = pin!(drive(&link, &mut transport, &mut application));
    let mut context = Context::from_waker(noop_waker_ref());
    for expected in 1..=5 {
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(wire::client_message(&0_u8, usize::MAX).unwrap()).unwrap();
        assert!(driving.as_mut().poll(&mut context).is_pending());
        assert_eq!(heard.get(), expected);
        tokio::time::advance(Duration::from_millis(100)).await;
    }
}

/// Ends a session whose peer takes a frame of so many bytes a second; whether all was written, and after how long.
async fn closes_slowly(bytes: usize) -> (bool, Duration) {
    let (link, mut application) = (link(None), Anybody::default());
    let (mut peer, mut transport) = memory_pair();
    for _ in 0..100 {
        link.lock().core().outbox().push_first(vec![0; bytes].into());
    }
    link.call(|session| session.close(CloseReason::kicked("slow")));
    let began = time::now();
    let reading = async {
        while poll_fn(|context| peer.poll_receive(context)).await.is_ok() {
            time::sleep(Duration::from_secs(1)).await;
        }
        std::future::pending().await
    };
    let ended = tokio::select! {
        ended = drive(&link, &mut transport, &mut application) => ended,
        never = reading => never,
    };
    (ended.flushed, time::now() - began)
}

#[tokio::test(start_paused = true)]
async fn a_close_waits_for_who_is_slow() {
    let (flushed, after) = closes_slowly(100 * 1024).await;
    assert!(flushed, "{after:?}");
    assert!(after > Duration::from_secs(20), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_close_waits_no_longer_for_who_takes_next_to_nothing() {
    let (flushed, after) = closes_slowly(1024).await;
    assert!(!flushed, "{after:?}");
    assert!(after < Duration::from_secs(10), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_batch_weighs_no_more_than_there_is_room_for() {
    // Each message weighs 17; one is taken however little room there is.
    for (room, expected) in [(1, 1), (17, 1), (18, 2), (usize::MAX, 4)] {
        let (link, mut application) = (link(None), Anybody { room, ..Anybody::default() });
        let (heard, at_once) = (application.heard.clone(), application.at_once.clone());
        let (mut peer, mut transport) = memory_pair();
        let mut driving = pin!(drive(&link, &mut transport, &mut application));
        let mut context = Context::from_waker(noop_waker_ref());
        for _ in 0..8 {
            assert!(peer.poll_ready(&mut context).is_ready());
            let text = "x".repeat(16 * 1024);
            peer.start_send(wire::client_message(&text, usize::MAX).unwrap()).unwrap();
        }
        for _ in 0..8 {
            assert!(driving.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!((heard.get(), at_once.get()), (8, expected), "{room}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_whose_frames_are_given_up_tells_why_they_are() {
    let (link, mut application) = (link(None), Anybody::default());
    let (mut peer, mut transport) = memory_pair();
    for _ in 0..100 {
        link.lock().core().outbox().push_first(Bytes::from_static(b"frame"));
    }
    let mut context = Context::from_waker(noop_waker_ref());
    {
        let mut driving = pin!(drive(&link, &mut transport, &mut application));
        // The peer takes nothing, so the close waits behind what is not written.
        link.call(|session| session.core().outbox().close(CloseReason::kicked("first")));
        assert!(driving.as_mut().poll(&mut context).is_pending());
        link.call(|session| session.core().abort(CloseReason::SlowConsumer));
        let ended = driving.as_mut().poll(&mut context).map(|ended| ended.reason);
        assert_eq!(ended, Poll::Ready(CloseReason::SlowConsumer));
    }
    let reading = async {
        loop {
            if let Err(error) = poll_fn(|context| peer.poll_receive(context)).await {
                return error;
            }
        }
    };
    let flushing = poll_fn(|context| transport.poll_flush(context));
    let (told, flushed) = tokio::join!(reading, flushing);
    assert!(matches!(told, TransportError::Closed(CloseReason::SlowConsumer)), "{told:?}");
    assert!(flushed.is_ok());
}
