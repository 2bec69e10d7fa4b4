use std::sync::atomic::{AtomicUsize, Ordering};

use crate::driver::Ended;

/// How the sessions ended that were there when a server began to shut down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Sessions that ended with everything written.
    pub flushed: usize,
    /// Sessions that did not: cut off by the deadline, or broken by themselves.
    pub cut: usize,
}

/// Counts the ends of sessions.
#[derive(Debug, Default)]
pub(super) struct SessionsEnded {
    flushed: AtomicUsize,
    cut: AtomicUsize,
}

impl SessionsEnded {
    pub(super) fn note(&self, ended: &Ended) {
        let counter = if ended.flushed { &self.flushed } else { &self.cut };
        counter.fetch_add(1, Ordering::AcqRel);
    }

    /// All ends so far.
    pub(super) fn so_far(&self) -> ShutdownReport {
        ShutdownReport {
            flushed: self.flushed.load(Ordering::Acquire),
            cut: self.cut.load(Ordering::Acquire),
        }
    }
}

impl ShutdownReport {
    /// What has come since an earlier one.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self { flushed: self.flushed - earlier.flushed, cut: self.cut - earlier.cut }
    }
}
