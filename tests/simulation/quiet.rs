use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// A signal to the applications of a run that the quiet phase has begun. In this phase, the
/// applications perform no random actions.
///
/// The signal is not a `watch` channel, because such a channel wakes its receivers in random order.
#[derive(Clone, Default)]
pub(crate) struct Quiet(Arc<State>);

#[derive(Default)]
struct State {
    quiet: AtomicBool,
    begins: Notify,
}

impl Quiet {
    pub(crate) fn begin(&self) {
        self.0.quiet.store(true, Ordering::Relaxed);
        self.0.begins.notify_waiters();
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.0.quiet.load(Ordering::Relaxed)
    }

    pub(crate) async fn begins(&self) {
        let begins = self.0.begins.notified();
        if !self.is_quiet() {
            begins.await;
        }
    }

    /// Waits for `duration`, or until the quiet phase begins.
    pub(crate) async fn pause(&self, duration: Duration) {
        // Both outcomes end the wait.
        let _ = timeout(duration, self.begins()).await;
    }
}
