use std::{
    sync::{Mutex, MutexGuard},
    task::Context,
};

use futures_util::task::AtomicWaker;

#[cfg(feature = "server")]
use crate::wire::CloseReason;
use crate::{session::Session, sync::lock};

/// A session that is shared between its callers and the task that drives it.
#[derive(Debug)]
pub(crate) struct Link<S> {
    session: Mutex<S>,
    driver: AtomicWaker,
}

impl<S: Session> Link<S> {
    pub(crate) fn new(session: S) -> Self {
        Self { session: Mutex::new(session), driver: AtomicWaker::new() }
    }

    /// Locks the session without waking the driver. Calls that cause work for the driver use
    /// [`Link::call`].
    pub(crate) fn lock(&self) -> MutexGuard<'_, S> {
        lock(&self.session)
    }

    /// Calls `f` with the session, and wakes the driver for the resulting work.
    pub(crate) fn call<R>(&self, f: impl FnOnce(&mut S) -> R) -> R {
        let mut session = self.lock();
        let result = f(&mut session);
        let must_wake = session.core().outbox().mark_pending();
        drop(session);
        if must_wake {
            self.driver.wake();
        }
        result
    }

    /// Ends a session that is no longer driven.
    #[cfg(feature = "server")]
    pub(crate) fn end(&self, reason: CloseReason) {
        let mut session = self.lock();
        session.core().abort(reason);
        session.core().progress().end();
    }

    /// Wakes the driver. Called when the application has free space for events again.
    pub(crate) fn wake(&self) {
        self.driver.wake();
    }

    /// Registers the current task as the driver's. [`Link::call`] and [`Link::wake`] wake this
    /// task.
    pub(crate) fn register(&self, context: &Context<'_>) {
        self.driver.register(context.waker());
    }
}
