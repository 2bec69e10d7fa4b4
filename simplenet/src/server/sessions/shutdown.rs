use std::sync::atomic::{AtomicUsize, Ordering};

use crate::driver::Ended;

/// How the sessions ended that existed when a server began to shut down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// The number of sessions that ended with everything written.
    pub flushed: usize,
    /// The number of sessions that the deadline cut off, or whose connection broke.
    pub cut: usize,
}

/// Counts the ends of sessions.
#[derive(Debug, Default)]
pub(crate) struct SessionsEnded {
    flushed: AtomicUsize,
    cut: AtomicUsize,
}

impl SessionsEnded {
    pub(crate) fn note(&self, ended: &Ended) {
        let counter = if ended.flushed { &self.flushed } else { &self.cut };
        counter.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns the number of all ends so far.
    pub(crate) fn so_far(&self) -> ShutdownReport {
        ShutdownReport {
            flushed: self.flushed.load(Ordering::Acquire),
            cut: self.cut.load(Ordering::Acquire),
        }
    }
}

impl ShutdownReport {
    /// Returns the ends since an earlier report.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self { flushed: self.flushed - earlier.flushed, cut: self.cut - earlier.cut }
    }
}
