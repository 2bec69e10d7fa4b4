//! The warning about a runtime that nothing runs.

use std::{cell::Cell, time::Duration};

use tokio::{
    runtime::{Handle, Id, RuntimeFlavor},
    task::JoinHandle,
};

use super::background;

/// The time within which a runtime must run a new task.
const LIMIT: Duration = Duration::from_secs(1);

thread_local! {
    /// The runtime whose first task of a server or client this thread has run last.
    static RAN: Cell<Option<Id>> = const { Cell::new(None) };
}

/// Returns whether this thread has run tasks of the runtime, so that it needs no further watchdog.
/// A watchdog costs several times as much as the task of a client.
pub(super) fn has_run(runtime: &Handle) -> bool {
    RAN.get() == Some(runtime.id())
}

/// Warns after a second, unless it is dropped before.
pub(super) struct Watchdog(JoinHandle<()>);

impl Watchdog {
    /// Returns the watchdog of a server or client that was created on this runtime.
    ///
    /// Only a runtime without threads of its own needs one. Such a runtime runs its tasks only
    /// during `block_on`. The watchdog runs on the background runtime.
    pub(super) fn of(runtime: &Handle, owner: &'static str) -> Option<Self> {
        match runtime.runtime_flavor() {
            RuntimeFlavor::CurrentThread => {}
            _ => return None,
        }
        let background = background::handle().ok()?;
        Some(Self(background.spawn(async move {
            tokio::time::sleep(LIMIT).await;
            tracing::warn!(
                "nothing has run the tokio runtime of this {owner} for {LIMIT:?}: stay in its \
                 `block_on`, choose a runtime with threads by `runtime(handle)`, or create the \
                 {owner} outside of the runtime to use simplenet's own"
            );
        })))
    }
}

impl Watchdog {
    /// Ends the watchdog from within its runtime, which runs.
    pub(super) fn satisfy(self) {
        RAN.set(Handle::try_current().ok().map(|runtime| runtime.id()));
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.0.abort();
    }
}
