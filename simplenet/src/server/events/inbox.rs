use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use crate::backpressure::Backpressure;

/// The weight of the messages and requests that wait for the application, in all sessions.
///
/// A session may hold as much as is free. So sessions that send faster than the application receives
/// leave free space for the others: `n` such sessions hold `n / (n + 1)` of the capacity (Choudhury
/// and Hahne, "Dynamic queue length thresholds for shared-memory packet switches", 1998). A session
/// without waiting events may always hold one batch.
#[derive(Debug)]
pub(crate) struct Inboxes {
    capacity: usize,
    /// Relaxed operations suffice: the threshold is an estimate, and a session that waits is woken
    /// by the release of its own events.
    held: AtomicUsize,
}

/// The messages and requests of one session that wait for the application.
#[derive(Debug)]
pub(crate) struct Inbox {
    all: Arc<Inboxes>,
    own: Backpressure,
}

impl Inboxes {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), held: AtomicUsize::new(0) }
    }

    fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }
}

impl Inbox {
    pub(crate) fn new(all: &Arc<Inboxes>) -> Self {
        Self { all: all.clone(), own: Backpressure::default() }
    }

    /// Adds the weight of queued events.
    pub(crate) fn charge(&self, weight: usize) {
        self.all.held.fetch_add(weight, Ordering::Relaxed);
        self.own.charge(weight);
    }

    /// Releases the weight of received events. Returns true if the session waits and must be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        self.all.held.fetch_sub(weight, Ordering::Relaxed);
        self.own.release(weight)
    }

    /// Returns the weight that the session may add, or `Pending` while there is no room. The caller
    /// must register its waker first.
    pub(crate) fn poll_room(&self) -> Poll<usize> {
        // What the session adds is no longer free. So it may add half of the difference.
        let held = self.all.held();
        let free = self.all.capacity.saturating_sub(held);
        let limit = self.own.queued().saturating_add(free) / 2;
        self.own.poll_room(limit.max(1))
    }

    /// Returns the weight in this inbox that exceeds the capacity of all inboxes.
    pub(crate) fn excess(&self) -> usize {
        self.own.queued().min(self.all.held().saturating_sub(self.all.capacity))
    }
}
