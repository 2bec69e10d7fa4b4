use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Generates the numbers of the messages, sessions, processes and closes of a run.
#[derive(Clone, Default)]
pub(crate) struct Numbers(Arc<Counters>);

#[derive(Default)]
struct Counters {
    messages: AtomicU64,
    sessions: AtomicU64,
    processes: AtomicU64,
    close_codes: AtomicU64,
}

impl Numbers {
    pub(crate) fn message(&self) -> u64 {
        next(&self.0.messages)
    }

    pub(crate) fn session(&self) -> u32 {
        next(&self.0.sessions) as u32
    }

    pub(crate) fn process(&self) -> u32 {
        next(&self.0.processes) as u32
    }

    /// Returns a close code of at most 899, the limit of an application's codes.
    pub(crate) fn close_code(&self) -> u16 {
        next(&self.0.close_codes).min(899) as u16
    }
}

fn next(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed) + 1
}
