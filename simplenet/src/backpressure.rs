use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    task::Poll,
};

/// Returns the weight of an event of `size` bytes: one, and one more for each KiB.
pub(crate) fn event_weight(size: usize) -> usize {
    1 + size / 1024
}

/// The credit of a queue: it counts the weight of the queued events and holds back their producer.
///
/// All atomic operations are sequentially consistent. The producer sets its waiting flag and checks the
/// weight again; the consumer reduces the weight and checks the flag. So at least one of them sees the
/// other.
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

    /// Releases the credit of received events. Returns true if a producer was held back and must be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        self.waiting.fetch_sub(weight, Ordering::SeqCst);
        self.held_back.load(Ordering::SeqCst) && self.held_back.swap(false, Ordering::SeqCst)
    }

    /// Returns the weight of the queued events.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Returns the free space below `limit`, or `Pending` while there is none. The caller must have
    /// registered its waker before.
    pub(crate) fn poll_room(&self, limit: usize) -> Poll<usize> {
        match limit.checked_sub(self.waiting()) {
            None | Some(0) => {}
            Some(room) => return Poll::Ready(room),
        }
        self.held_back.store(true, Ordering::SeqCst);
        // Events may have been received between the first check and the flag.
        match limit.checked_sub(self.waiting()) {
            None | Some(0) => Poll::Pending,
            Some(room) => Poll::Ready(room),
        }
    }
}
