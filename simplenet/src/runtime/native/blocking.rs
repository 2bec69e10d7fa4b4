//! Waits that block the calling thread, for programs without async code.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use super::Runtime;

/// The time after which a wait warns that nothing runs the runtime.
const WARN_AFTER: Duration = Duration::from_secs(1);

/// A wait that has reached its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotInTime {
    /// False if nothing has run the runtime during the wait.
    pub(crate) runtime_runs: bool,
}

impl Runtime {
    /// Blocks the calling thread until the future completes, or until `limit` has passed.
    ///
    /// Warns after a second if nothing runs the runtime, for example because the calling thread
    /// itself should run it.
    pub(crate) fn block_on<F: Future>(
        &self,
        limit: Duration,
        future: F,
    ) -> Result<F::Output, NotInTime> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        let (began, probe) = (Instant::now(), self.probe());
        let mut warned = false;
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Ok(output);
            }
            let waited = began.elapsed();
            if waited >= limit {
                return Err(NotInTime { runtime_runs: probe.has_run() });
            }
            if waited >= WARN_AFTER && !warned {
                warned = true;
                if !probe.has_run() {
                    tracing::warn!(
                        "blocked for {WARN_AFTER:?} on a tokio runtime that nothing runs: do not \
                         block the thread that is to run it, but await instead"
                    );
                }
            }
            let next_check = if warned { limit } else { limit.min(WARN_AFTER) };
            thread::park_timeout(next_check.saturating_sub(waited));
        }
    }
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
