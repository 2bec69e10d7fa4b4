use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    task::Poll,
};

/// Returns the weight of an event of `size` bytes: one, and one more for each KiB.
pub(crate) fn event_weight(size: usize) -> usize {
    1 + size / 1024
}

/// Counts the weight of the events that wait in a queue, and holds back their producer.
///
/// All orderings are sequentially consistent: the producer announces that it waits and looks again; the
/// consumer counts down and looks for the announcement. At least one of them must see the other.
#[derive(Debug, Default)]
pub(crate) struct Backpressure {
    waiting: AtomicUsize,
    held_back: AtomicBool,
}

impl Backpressure {
    /// Adds the weight of queued events.
    pub(crate) fn charge(&self, weight: usize) {
        self.waiting.fetch_add(weight, Ordering::SeqCst);
    }

    /// Releases the credit of taken events. Returns whether a producer was held back and must be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        self.waiting.fetch_sub(weight, Ordering::SeqCst);
        self.held_back.load(Ordering::SeqCst) && self.held_back.swap(false, Ordering::SeqCst)
    }

    /// Returns the weight that waits.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Returns the room that is left below `limit`; pending while there is none. The caller must have
    /// registered its waker before.
    pub(crate) fn poll_room(&self, limit: usize) -> Poll<usize> {
        match limit.checked_sub(self.waiting()) {
            None | Some(0) => {}
            Some(room) => return Poll::Ready(room),
        }
        self.held_back.store(true, Ordering::SeqCst);
        // Events may have been taken between the look and the announcement.
        match limit.checked_sub(self.waiting()) {
            None | Some(0) => Poll::Pending,
            Some(room) => Poll::Ready(room),
        }
    }
}
