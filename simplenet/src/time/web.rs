use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use tokio::sync::oneshot;

pub(crate) use web_time::Instant;

/// The present: `performance.now()`, which no change of the wall clock touches.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A timer that can be set again.
///
/// The browser's own timer stays with the thread that made it, so a task waits for it there; this end may go anywhere.
pub(crate) struct Timer {
    deadline: Instant,
    /// `None` once it has gone off.
    alarm: Option<oneshot::Receiver<()>>,
}

impl Timer {
    pub(crate) fn at(deadline: Instant) -> Self {
        let (alarm, waiting) = oneshot::channel();
        wasm_bindgen_futures::spawn_local(ring(deadline, alarm));
        Self { deadline, alarm: Some(waiting) }
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(crate) fn reset(&mut self, deadline: Instant) {
        *self = Self::at(deadline);
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(alarm) = &mut self.alarm {
            // It is never dropped before it has rung.
            let _ = ready!(Pin::new(alarm).poll(context));
            self.alarm = None;
        }
        Poll::Ready(())
    }
}

/// Rings at the deadline, unless nobody waits for it any more.
async fn ring(deadline: Instant, mut alarm: oneshot::Sender<()>) {
    loop {
        let left = deadline.saturating_duration_since(now());
        if left.is_zero() {
            // Nobody may wait any more.
            let _ = alarm.send(());
            return;
        }
        let given_up = pin!(alarm.closed());
        if let Either::Right(_) = select(TimeoutFuture::new(milliseconds(left)), given_up).await {
            return;
        }
    }
}

/// Rounded up, since a timer that is early is set again; and at most a day, since browsers take what goes beyond 24 days
/// for no time at all.
fn milliseconds(left: Duration) -> u32 {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    u32::try_from(left.min(DAY).as_micros().div_ceil(1000)).unwrap_or(u32::MAX)
}

/// `None` when `future` is not done at `deadline`.
pub(crate) async fn timeout_at<F: Future>(deadline: Instant, future: F) -> Option<F::Output> {
    match select(pin!(future), Timer::at(deadline)).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}
