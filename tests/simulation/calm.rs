use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// Tells the applications of a run that nothing goes wrong any more, and that they are to behave.
///
/// Not a `watch` channel, which wakes its receivers in an order of chance.
#[derive(Clone, Default)]
pub(crate) struct Calm(Arc<State>);

#[derive(Default)]
struct State {
    calm: AtomicBool,
    begins: Notify,
}

impl Calm {
    pub(crate) fn begin(&self) {
        self.0.calm.store(true, Ordering::Relaxed);
        self.0.begins.notify_waiters();
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.0.calm.load(Ordering::Relaxed)
    }

    pub(crate) async fn begins(&self) {
        let begins = self.0.begins.notified();
        if !self.is_calm() {
            begins.await;
        }
    }

    /// Lasts so long, or until everything is calm.
    pub(crate) async fn pause(&self, pause: Duration) {
        // Either way it is over.
        let _ = timeout(pause, self.begins()).await;
    }
}
