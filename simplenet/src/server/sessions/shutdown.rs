use std::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::driver::Ended;

/// The outcomes of the sessions that a server had when its shutdown began.
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
}

impl SessionsEnded {
    pub(crate) fn count(&self, ended: &Ended) {
        let counter = if ended.flushed { &self.flushed } else { &self.cut };
        counter.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns the counts since the start of the server.
    pub(crate) fn totals(&self) -> ShutdownReport {
        ShutdownReport {
            flushed: self.flushed.load(Ordering::Acquire),
            cut: self.cut.load(Ordering::Acquire),
        }
    }
}

impl ShutdownReport {
    /// Returns the difference to an earlier report.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self { flushed: self.flushed - earlier.flushed, cut: self.cut - earlier.cut }
    }
}

impl fmt::Display for ShutdownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flushed, cut } = self;
        write!(f, "{flushed} sessions with all messages written, {cut} cut off")
    }
}
