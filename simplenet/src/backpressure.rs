use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    task::Poll,
};

/// Returns the weight of an event of `size` bytes: one, and one more for each full KiB.
pub(crate) fn event_weight(size: usize) -> usize {
    1 + size / 1024
}

/// The credit of a queue. It counts the weight of the queued events, and makes their producer wait
/// while the queue is full.
///
/// All atomic operations are sequentially consistent. The producer sets `producer_waits` and then
/// checks the weight again. The consumer reduces the weight and then checks `producer_waits`. So
/// the producer sees the reduced weight, or the consumer sees the flag. No wake-up is lost.
#[derive(Debug, Default)]
pub(crate) struct Backpressure {
    queued: AtomicUsize,
    producer_waits: AtomicBool,
}

impl Backpressure {
    /// Adds the weight of queued events.
    pub(crate) fn charge(&self, weight: usize) {
        self.queued.fetch_add(weight, Ordering::SeqCst);
    }

    /// Releases the credit of drained events. Returns true if the producer waits and must be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        self.queued.fetch_sub(weight, Ordering::SeqCst);
        self.producer_waits.load(Ordering::SeqCst)
            && self.producer_waits.swap(false, Ordering::SeqCst)
    }

    /// Returns the weight of the queued events.
    pub(crate) fn queued(&self) -> usize {
        self.queued.load(Ordering::SeqCst)
    }

    /// Returns the free space below `limit`, or `Pending` while there is none. The caller must
    /// register its waker first.
    pub(crate) fn poll_room(&self, limit: usize) -> Poll<usize> {
        match limit.checked_sub(self.queued()) {
            None | Some(0) => {}
            Some(room) => return Poll::Ready(room),
        }
        self.producer_waits.store(true, Ordering::SeqCst);
        // The consumer may have released credit between the first check and the store.
        match limit.checked_sub(self.queued()) {
            None | Some(0) => Poll::Pending,
            Some(room) => Poll::Ready(room),
        }
    }
}
