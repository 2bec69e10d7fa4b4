use std::{
    sync::{Mutex, MutexGuard},
    task::Context,
};

use futures_util::task::AtomicWaker;

#[cfg(feature = "server")]
use crate::wire::CloseReason;
use crate::{session::Session, sync::lock};

/// A session between those who call it and the task that drives it.
#[derive(Debug)]
pub(crate) struct Link<S> {
    session: Mutex<S>,
    driver: AtomicWaker,
}

impl<S: Session> Link<S> {
    pub(crate) fn new(session: S) -> Self {
        Self { session: Mutex::new(session), driver: AtomicWaker::new() }
    }

    /// The session, for a caller that gives the driver nothing to do.
    pub(crate) fn lock(&self) -> MutexGuard<'_, S> {
        lock(&self.session)
    }

    /// Calls the session, then lets the driver see to what came of it.
    pub(crate) fn call<R>(&self, f: impl FnOnce(&mut S) -> R) -> R {
        let mut session = self.lock();
        let result = f(&mut session);
        let first = session.core().outbox().call_driver();
        drop(session);
        if first {
            self.driver.wake();
        }
        result
    }

    /// The session is over and no longer driven.
    #[cfg(feature = "server")]
    pub(crate) fn end(&self, reason: CloseReason) {
        let mut session = self.lock();
        session.core().abort(reason);
        session.core().progress().end();
    }

    /// The application has room again for what the driver holds back.
    pub(crate) fn wake(&self) {
        self.driver.wake();
    }

    /// Has the task woken by the callers.
    pub(crate) fn register(&self, context: &Context<'_>) {
        self.driver.register(context.waker());
    }
}
