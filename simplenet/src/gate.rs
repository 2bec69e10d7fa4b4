use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    task::Poll,
};

/// What an event of `size` bytes weighs: one, and one more for each KiB.
pub(crate) fn event_weight(size: usize) -> usize {
    1 + size / 1024
}

/// Counts what waits to be taken, and holds back who fills it.
///
/// All orderings are sequentially consistent: who asks for room announces itself and looks again, who takes counts
/// down and looks whether somebody has announced itself; one of the two must see the other.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    waiting: AtomicUsize,
    held_back: AtomicBool,
}

impl Gate {
    /// So much more waits.
    pub(crate) fn charge(&self, weight: usize) {
        self.waiting.fetch_add(weight, Ordering::SeqCst);
    }

    /// So much has been taken; true if somebody was held back and is to be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        self.waiting.fetch_sub(weight, Ordering::SeqCst);
        self.held_back.load(Ordering::SeqCst) && self.held_back.swap(false, Ordering::SeqCst)
    }

    /// What waits.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// The room that is left below `limit`; pending where there is none. Who asks must have registered to be woken.
    pub(crate) fn poll_room(&self, limit: usize) -> Poll<usize> {
        match limit.checked_sub(self.waiting()) {
            None | Some(0) => {}
            Some(room) => return Poll::Ready(room),
        }
        self.held_back.store(true, Ordering::SeqCst);
        // Something may have been taken between the two.
        match limit.checked_sub(self.waiting()) {
            None | Some(0) => Poll::Pending,
            Some(room) => Poll::Ready(room),
        }
    }
}
