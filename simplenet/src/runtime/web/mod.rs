#[cfg(feature = "client")]
mod wake_events;

#[cfg(feature = "client")]
pub(crate) use wake_events::WakeEvents;

use std::{future::Future, io};

use super::Needs;
use crate::time::{Instant, Timer};

/// A future that completes at a deadline.
pub(crate) type Alarm = Timer;

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
    pub(crate) fn find(_: Option<Self>, _: Needs) -> io::Result<Self> {
        Ok(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }

    /// Spawns the main task of a server or client.
    pub(crate) fn start(&self, _: &'static str, task: impl Future<Output = ()> + 'static) {
        self.spawn(task);
    }

    /// Awaits the future, which waits for tasks of this runtime.
    pub(crate) fn wait_for<F: Future>(&self, _: &'static str, future: F) -> F {
        future
    }

    /// Returns whether nothing may run this runtime. A browser always runs its tasks.
    #[cfg(feature = "client")]
    pub(crate) fn may_be_stopped(&self) -> bool {
        false
    }

    /// Returns a future that completes at `deadline`.
    pub(crate) fn alarm(&self, deadline: Instant) -> Alarm {
        Timer::at(deadline)
    }

    /// Returns whether this runtime has shut down, which a browser never does.
    #[cfg(feature = "server")]
    pub(crate) fn has_ended(&self) -> bool {
        false
    }

    /// Starts a check of whether anything runs this runtime.
    #[cfg(feature = "server")]
    pub(crate) fn probe(&self) -> Probe {
        Probe
    }
}

/// A check that succeeds, because a browser always runs its tasks.
#[cfg(feature = "server")]
pub(crate) struct Probe;

#[cfg(feature = "server")]
impl Probe {
    pub(crate) fn has_run(&self) -> bool {
        true
    }
}
