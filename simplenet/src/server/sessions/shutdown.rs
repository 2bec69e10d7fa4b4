use std::{
    fmt,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::driver::Ended;

/// The outcomes of the sessions that a server had when its shutdown began, returned by
/// [`ServerHandle::shutdown`](crate::ServerHandle::shutdown) and [`Serving`](crate::Serving).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// The number of sessions whose messages were all written.
    pub flushed: usize,
    /// The number of sessions that were cut off at the deadline, or whose connection broke.
    pub cut: usize,
}

/// Counts the sessions that have ended.
#[derive(Debug, Default)]
pub(crate) struct SessionsEnded {
    flushed: AtomicUsize,
    cut: AtomicUsize,
    /// The counts when the server stopped admitting sessions.
    earlier: OnceLock<ShutdownReport>,
}

impl SessionsEnded {
    pub(crate) fn count(&self, ended: &Ended) {
        let counter = if ended.flushed { &self.flushed } else { &self.cut };
        counter.fetch_add(1, Ordering::AcqRel);
    }

    /// Begins the report. The sessions that end from now on are part of it.
    pub(crate) fn begin_report(&self) {
        self.earlier.get_or_init(|| self.totals());
    }

    /// Returns the report. The sessions that have not ended count as cut.
    pub(crate) fn report(&self, remaining: usize) -> ShutdownReport {
        let earlier = self.earlier.get().copied().unwrap_or_default();
        let now = self.totals();
        ShutdownReport {
            flushed: now.flushed - earlier.flushed,
            cut: now.cut - earlier.cut + remaining,
        }
    }

    fn totals(&self) -> ShutdownReport {
        ShutdownReport {
            flushed: self.flushed.load(Ordering::Acquire),
            cut: self.cut.load(Ordering::Acquire),
        }
    }
}

impl fmt::Display for ShutdownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flushed, cut } = self;
        write!(f, "{flushed} sessions with all messages written, {cut} cut off")
    }
}
