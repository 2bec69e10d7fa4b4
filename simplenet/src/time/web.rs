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

/// Returns the current time of `performance.now()`, which is independent of the wall clock.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A timer that can be set again.
///
/// A browser timer cannot move to another thread. So a task on the timer's thread waits for the
/// timer, and notifies this handle, which can move between threads.
pub(crate) struct Timer {
    deadline: Instant,
    /// Receives the end of the wait. `None` once the timer has fired.
    fired: Option<oneshot::Receiver<()>>,
}

impl Timer {
    pub(crate) fn at(deadline: Instant) -> Self {
        let (sender, fired) = oneshot::channel();
        wasm_bindgen_futures::spawn_local(fire(deadline, sender));
        Self { deadline, fired: Some(fired) }
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
        if let Some(fired) = &mut self.fired {
            // The sender is dropped only after the timer has fired.
            let _ = ready!(Pin::new(fired).poll(context));
            self.fired = None;
        }
        Poll::Ready(())
    }
}

/// Fires at the deadline, unless the timer is dropped or reset before.
async fn fire(deadline: Instant, mut sender: oneshot::Sender<()>) {
    loop {
        let left = deadline.saturating_duration_since(now());
        if left.is_zero() {
            // Fails if the timer was dropped.
            let _ = sender.send(());
            return;
        }
        let dropped = pin!(sender.closed());
        if let Either::Right(_) = select(TimeoutFuture::new(milliseconds(left)), dropped).await {
            return;
        }
    }
}

/// Converts a delay to whole milliseconds.
///
/// The result is rounded up, because a timer that fires early has to be set again. It is at most a
/// day, because browsers treat a delay of more than 24 days as zero.
fn milliseconds(left: Duration) -> u32 {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    u32::try_from(left.min(DAY).as_micros().div_ceil(1000)).unwrap_or(u32::MAX)
}

/// Awaits `future`, or returns `None` at `deadline`.
pub(crate) async fn timeout_at<F: Future>(deadline: Instant, future: F) -> Option<F::Output> {
    match select(pin!(future), Timer::at(deadline)).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}
