#[cfg(feature = "client")]
mod wake_events;

#[cfg(feature = "client")]
pub(crate) use wake_events::WakeEvents;

use std::{future::Future, io};

/// The bound of the values in a client's task, which stays on its thread.
#[cfg(feature = "client")]
pub trait MaybeSend {}

#[cfg(feature = "client")]
impl<T> MaybeSend for T {}

/// A future of any kind that a task may hold.
#[cfg(feature = "client")]
pub(crate) type BoxFuture<T> = futures_util::future::LocalBoxFuture<'static, T>;

/// Spawns tasks on the event loop of the page or worker, where they run between its events.
#[derive(Clone, Debug)]
pub(crate) struct Runtime;

impl Runtime {
    pub(crate) fn ambient() -> io::Result<Self> {
        Ok(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }

    /// Runs `f`, because there is only one event loop.
    pub(crate) fn enter<T>(&self, f: impl FnOnce() -> T) -> T {
        f()
    }
}
