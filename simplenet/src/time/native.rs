use std::{future::Future, pin::Pin};

use futures_util::FutureExt;

pub(crate) use std::time::Instant;

/// Returns the current time of the runtime's clock, which tests can pause.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// A timer that can be set again.
pub(crate) struct Timer(Pin<Box<tokio::time::Sleep>>);

impl Timer {
    /// Creates a timer. Panics outside of a tokio runtime.
    pub(crate) fn at(deadline: Instant) -> Self {
        Self(Box::pin(tokio::time::sleep_until(deadline.into())))
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.0.deadline().into_std()
    }

    pub(crate) fn reset(&mut self, deadline: Instant) {
        self.0.as_mut().reset(deadline.into());
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        self.0.as_mut().poll(context)
    }
}

/// Awaits `future`, or returns `None` at `deadline`.
pub(crate) fn timeout_at<F: Future>(
    deadline: Instant,
    future: F,
) -> impl Future<Output = Option<F::Output>> {
    tokio::time::timeout_at(deadline.into(), future).map(Result::ok)
}
