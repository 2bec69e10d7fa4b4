#[cfg(feature = "client")]
mod wake_events;

#[cfg(feature = "client")]
pub(crate) use wake_events::WakeEvents;

use std::{future::Future, io};

/// The bound of values that a client's task holds: none, because the task stays on its thread.
#[cfg(feature = "client")]
pub trait MaybeSend {}

#[cfg(feature = "client")]
impl<T> MaybeSend for T {}

/// A boxed future that a task can hold.
#[cfg(feature = "client")]
pub(crate) type BoxFuture<T> = futures_util::future::LocalBoxFuture<'static, T>;

/// The event loop of a page or worker. It executes the tasks between events.
#[derive(Clone, Debug)]
pub(crate) struct Runtime;

impl Runtime {
    pub(crate) fn ambient() -> io::Result<Self> {
        Ok(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }

    /// Runs `f`. A browser has only one event loop, so there is no runtime context to enter.
    pub(crate) fn enter<T>(&self, f: impl FnOnce() -> T) -> T {
        f()
    }
}
