//! Tests of the driver with the paused clock of tokio.

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

/// An application that receives and counts all events.
struct Counter {
    room: usize,
    received: Rc<Cell<usize>>,
    /// The largest batch.
    largest: Rc<Cell<usize>>,
}

impl Default for Counter {
    fn default() -> Self {
        Self { room: usize::MAX, received: Rc::default(), largest: Rc::default() }
    }
}

impl Application<ServerSession> for Counter {
    fn poll_room(&mut self) -> Poll<usize> {
        Poll::Ready(self.room)
    }

    fn deliver(&mut self, events: Vec<ServerSessionEvent<'_>>) -> Result<(), CloseReason> {
        let count = events.len();
        self.received.set(self.received.get() + count);
        self.largest.set(self.largest.get().max(count));
        Ok(())
    }
}

const INTERVAL: Duration = Duration::from_secs(1);
const KEEPALIVE: Duration = Duration::from_secs(3);

fn link(rate: Option<RateLimitConfig>) -> Link<ServerSession> {
    let limits = ServerSessionLimits {
        outbox_bytes: 4096,
        max_incoming: 64 * 1024,
        max_outgoing: 64 * 1024,
        max_in_flight: 4,
        heartbeat: Heartbeat::new(INTERVAL, KEEPALIVE, KEEPALIVE),
        slow_consumer: SlowConsumer::Disconnect,
        rate,
    };
    Link::new(ServerSession::new(limits, Bytes::new(), time::now()))
}

/// Stalls the driver for longer than the keepalive timeout, and then runs it for one heartbeat
/// interval. The peer sends `message` during the stall, and nothing else.
async fn stalled(message: Option<Bytes>) -> Poll<CloseReason> {
    let (link, mut application) = (link(None), Counter::default());
    let (mut peer, mut transport) = memory_pair();
    let mut driving = pin!(drive(&link, &mut transport, &mut application));
    let mut context = Context::from_waker(noop_waker_ref());
    assert!(driving.as_mut().poll(&mut context).is_pending());
    if let Some(message) = message {
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(message).unwrap();
    }
    tokio::time::advance(2 * KEEPALIVE).await;
    assert!(
        driving.as_mut().poll(&mut context).is_pending(),
        "the session pings before it times out"
    );
    tokio::time::advance(INTERVAL).await;
    driving.as_mut().poll(&mut context).map(|ended| ended.reason)
}

#[tokio::test(start_paused = true)]
async fn frame_that_arrives_during_a_stall_prevents_the_timeout() {
    assert_eq!(stalled(Some(wire::ping(1).to_bytes())).await, Poll::Pending);
}

#[tokio::test(start_paused = true)]
async fn silence_after_a_stall_times_out() {
    assert_eq!(stalled(None).await, Poll::Ready(CloseReason::Timeout));
}

#[tokio::test(start_paused = true)]
async fn throttled_peer_is_read_as_soon_as_the_rate_allows() {
    let (per_second, burst, on_excess) = (10, 1, RateExcess::Throttle);
    let link = link(Some(RateLimitConfig { per_second, burst, on_excess }));
    let mut application = Counter::default();
    let received = application.received.clone();
    let (mut peer, mut transport) = memory_pair();
    let mut driving = pin!(drive(&link, &mut transport, &mut application));
    let mut context = Context::from_waker(noop_waker_ref());
    for expected in 1..=5 {
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(wire::client_message(&0_u8, usize::MAX).unwrap().to_bytes()).unwrap();
        assert!(driving.as_mut().poll(&mut context).is_pending());
        assert_eq!(received.get(), expected);
        tokio::time::advance(Duration::from_millis(100)).await;
    }
}

/// Closes a session with queued frames of `bytes` bytes each. The peer reads one frame per second.
/// Returns whether all frames were written, and the duration of the close.
async fn close_with_slow_reader(bytes: usize) -> (bool, Duration) {
    let (link, mut application) = (link(None), Counter::default());
    let (mut peer, mut transport) = memory_pair();
    for _ in 0..100 {
        link.lock().core().outbox().push_message(vec![0; bytes].into());
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
async fn close_waits_for_a_slow_reader() {
    let (flushed, after) = close_with_slow_reader(100 * 1024).await;
    assert!(flushed, "{after:?}");
    assert!(after > Duration::from_secs(20), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn close_does_not_wait_for_a_reader_below_the_minimum_rate() {
    let (flushed, after) = close_with_slow_reader(1024).await;
    assert!(!flushed, "{after:?}");
    assert!(after < Duration::from_secs(10), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn batch_weight_is_limited_by_the_free_space() {
    // Each message weighs 17. A batch has at least one message.
    for (room, expected) in [(1, 1), (17, 1), (18, 2), (usize::MAX, 4)] {
        let (link, mut application) = (link(None), Counter { room, ..Counter::default() });
        let (received, largest) = (application.received.clone(), application.largest.clone());
        let (mut peer, mut transport) = memory_pair();
        let mut driving = pin!(drive(&link, &mut transport, &mut application));
        let mut context = Context::from_waker(noop_waker_ref());
        for _ in 0..8 {
            assert!(peer.poll_ready(&mut context).is_ready());
            let text = "x".repeat(16 * 1024);
            peer.start_send(wire::client_message(&text, usize::MAX).unwrap().to_bytes()).unwrap();
        }
        for _ in 0..8 {
            assert!(driving.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!((received.get(), largest.get()), (8, expected), "room: {room}");
    }
}

/// Encodes a message with `count` small frames. Each weighs one.
fn packed(count: usize) -> Vec<u8> {
    wire::client_message(&0_u8, usize::MAX).unwrap().packed().repeat(count)
}

#[tokio::test(start_paused = true)]
async fn packed_message_is_delivered_in_batches() {
    for (room, expected) in [(1, 1), (3, 3), (usize::MAX, BATCH)] {
        let (link, mut application) = (link(None), Counter { room, ..Counter::default() });
        let (received, largest) = (application.received.clone(), application.largest.clone());
        let (mut peer, mut transport) = memory_pair();
        let mut driving = pin!(drive(&link, &mut transport, &mut application));
        let mut context = Context::from_waker(noop_waker_ref());
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(packed(2 * BATCH + 1).into()).unwrap();
        while received.get() < 2 * BATCH + 1 {
            let before = received.get();
            assert!(driving.as_mut().poll(&mut context).is_pending());
            assert!(received.get() > before, "the rest of the message is not read");
        }
        assert_eq!((received.get(), largest.get()), (2 * BATCH + 1, expected), "room: {room}");
    }
}

#[tokio::test(start_paused = true)]
async fn frames_before_a_malformed_one_are_delivered() {
    for malformed in [&[0][..], &[200, 0x02], &[0xff], &[1, 0xff]] {
        for room in [1, 2, 3, usize::MAX] {
            let (link, mut application) = (link(None), Counter { room, ..Counter::default() });
            let received = application.received.clone();
            let (mut peer, mut transport) = memory_pair();
            let message = [&packed(2), malformed, &packed(2)].concat();
            poll_fn(|context| peer.poll_ready(context)).await.unwrap();
            peer.start_send(message.into()).unwrap();
            let ended = drive(&link, &mut transport, &mut application).await;
            assert!(matches!(ended.reason, CloseReason::ProtocolViolation(_)), "{ended:?}");
            assert_eq!(received.get(), 2, "{malformed:?}, room: {room}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rate_limit_counts_the_frames_of_a_packed_message() {
    let (per_second, burst) = (10, 2);
    let limit = |on_excess| Some(RateLimitConfig { per_second, burst, on_excess });
    for (on_excess, expected) in [(RateExcess::Close, 2), (RateExcess::Throttle, 5)] {
        let (link, mut application) = (link(limit(on_excess)), Counter::default());
        let received = application.received.clone();
        let (mut peer, mut transport) = memory_pair();
        let mut context = Context::from_waker(noop_waker_ref());
        assert!(peer.poll_ready(&mut context).is_ready());
        peer.start_send(packed(5).into()).unwrap();
        let mut driving = pin!(drive(&link, &mut transport, &mut application));
        let ended = driving.as_mut().poll(&mut context).map(|ended| ended.reason);
        assert_eq!(received.get(), expected);
        match on_excess {
            RateExcess::Close => {
                let reason = CloseReason::RateLimited { retry_after: None };
                assert_eq!(ended, Poll::Ready(reason));
            }
            RateExcess::Throttle => {
                // Five frames exceed a burst of two, so the next one waits for four tokens.
                let wait = link.lock().throttled_until().map(|until| until - time::now());
                assert_eq!(wait, Some(Duration::from_millis(400)));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn close_after_dropped_frames_has_the_reason_of_the_abort() {
    let (link, mut application) = (link(None), Counter::default());
    let (mut peer, mut transport) = memory_pair();
    for _ in 0..100 {
        link.lock().core().outbox().push_message(Bytes::from_static(b"frame"));
    }
    let mut context = Context::from_waker(noop_waker_ref());
    {
        let mut driving = pin!(drive(&link, &mut transport, &mut application));
        // The peer reads nothing, so the close waits behind the queued frames.
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
    let (received, flushed) = tokio::join!(reading, flushing);
    assert!(matches!(received, TransportError::Closed(CloseReason::SlowConsumer)), "{received:?}");
    assert!(flushed.is_ok());
}

#[tokio::test(start_paused = true)]
async fn closed_memory_connection_ends_without_waiting_for_the_close_timeout() {
    let (mut client, mut server) = memory_pair();
    let began = time::now();
    client.start_close(&CloseReason::ClosedByClient).unwrap();
    poll_fn(|context| client.poll_flush(context)).await.unwrap();
    let received = poll_fn(|context| server.poll_receive(context)).await;
    assert!(
        matches!(received, Err(TransportError::Closed(CloseReason::ClosedByClient))),
        "{received:?}"
    );
    tokio::join!(linger(Box::new(client)), linger(Box::new(server)));
    assert_eq!(time::now() - began, Duration::ZERO);
}

/// A transport that is blocked until its close is queued. The close replaces the unwritten
/// messages.
#[derive(Default)]
struct Cutting {
    closed: bool,
}

impl Transport for Cutting {
    fn accept_peer(&mut self) {}

    fn received(&self) -> u64 {
        0
    }

    fn poll_receive(&mut self, _: &mut Context<'_>) -> Poll<Result<Bytes, TransportError>> {
        Poll::Pending
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(&mut self, _: Bytes) -> Result<(), TransportError> {
        Ok(())
    }

    fn start_close(&mut self, _: &CloseReason) -> Result<(), TransportError> {
        self.closed = true;
        Ok(())
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        if self.closed { Poll::Ready(Ok(())) } else { Poll::Pending }
    }
}

#[tokio::test(start_paused = true)]
async fn c6_message_that_a_close_replaces_does_not_count_as_written() {
    let (link, mut application) = (link(None), Counter::default());
    let mut transport = Cutting::default();
    let progress = link.lock().core().progress().clone();
    let mut context = Context::from_waker(noop_waker_ref());
    let mut driving = pin!(drive(&link, &mut transport, &mut application));
    assert!(driving.as_mut().poll(&mut context).is_pending());
    link.call(|session| session.core().abort(CloseReason::SlowConsumer));
    assert!(driving.as_mut().poll(&mut context).is_ready());
    assert_eq!(progress.flushed(), 0);
}
