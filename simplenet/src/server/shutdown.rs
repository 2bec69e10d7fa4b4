use std::sync::atomic::{AtomicUsize, Ordering};

use crate::CloseReason;

/// How the sessions ended that were there when a server shut down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Sessions that ended in good order: every request answered, everything written.
    pub flushed: usize,
    /// Sessions that were cut off by the deadline or had broken by themselves.
    pub cut: usize,
}

/// Counts the ends of sessions once a shutdown has begun.
#[derive(Debug, Default)]
pub(super) struct SessionsEnded {
    drained: AtomicUsize,
    others: AtomicUsize,
}

impl SessionsEnded {
    pub(super) fn note(&self, reason: &CloseReason) {
        let counter = match reason {
            CloseReason::Draining { .. } | CloseReason::ClosedByClient => &self.drained,
            _ => &self.others,
        };
        counter.fetch_add(1, Ordering::AcqRel);
    }

    /// The counts so far; they begin again.
    pub(super) fn take(&self) -> ShutdownReport {
        ShutdownReport {
            flushed: self.drained.swap(0, Ordering::AcqRel),
            cut: self.others.swap(0, Ordering::AcqRel),
        }
    }
}
