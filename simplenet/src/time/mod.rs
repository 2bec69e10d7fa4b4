//! The clock. Sessions never read it; the driver passes the time to them.

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

/// Creates a timer that fires after `delay`.
pub(crate) fn sleep(delay: Duration) -> Timer {
    Timer::at(deadline(delay))
}

/// Returns the end of a time limit that starts now. The limit is capped at thirty years, so that
/// the sum cannot overflow.
pub(crate) fn deadline(limit: Duration) -> Instant {
    const MAX_LIMIT: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    now() + limit.min(MAX_LIMIT)
}

/// Awaits `future`, or returns `None` after `limit`.
pub(crate) fn timeout<F: Future>(
    limit: Duration,
    future: F,
) -> impl Future<Output = Option<F::Output>> {
    timeout_at(deadline(limit), future)
}
