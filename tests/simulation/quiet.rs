use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// Tells the applications of a run that the faults have ended, and that they must behave well from now on.
///
/// It is no `watch` channel, because that wakes its receivers in random order.
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

    pub(crate) fn is_calm(&self) -> bool {
        self.0.quiet.load(Ordering::Relaxed)
    }

    pub(crate) async fn begins(&self) {
        let begins = self.0.begins.notified();
        if !self.is_calm() {
            begins.await;
        }
    }

    /// Waits for `time`, or until the run is quiet.
    pub(crate) async fn pause(&self, pause: Duration) {
        // Both outcomes end the wait.
        let _ = timeout(pause, self.begins()).await;
    }
}
