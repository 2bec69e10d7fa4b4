//! The clock. Sessions never read it: they are told the time.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
use native as platform;
#[cfg(target_arch = "wasm32")]
use web as platform;

pub(crate) use platform::{Instant, Timer, now, timeout_at};

use std::{future::Future, time::Duration};

/// Resolves after `delay`.
pub(crate) fn sleep(delay: Duration) -> Timer {
    Timer::at(deadline(delay))
}

/// The end of a time limit that begins now; one too long to be reckoned with ends in thirty years.
pub(crate) fn deadline(limit: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    now() + limit.min(LONGEST)
}

/// `None` when `future` is not done within `limit`.
pub(crate) fn timeout<F: Future>(
    limit: Duration,
    future: F,
) -> impl Future<Output = Option<F::Output>> {
    timeout_at(deadline(limit), future)
}
