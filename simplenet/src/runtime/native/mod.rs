//! Tasks on tokio.

mod alarm;
mod background;
mod blocking;
mod drivers;
mod watchdog;

use std::{
    future::{Future, poll_fn, ready},
    io,
    pin::pin,
    task::Poll,
};

use futures_util::{FutureExt, future::lazy};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::JoinHandle,
};

pub(crate) use self::alarm::Alarm;
use self::watchdog::Watchdog;
use super::Needs;
use crate::time::Instant;

/// The bound of values that a client's task holds: `Send`, because the task moves between threads.
#[cfg(feature = "client")]
pub trait MaybeSend: Send {}

#[cfg(feature = "client")]
impl<T: Send> MaybeSend for T {}

/// A boxed future that a task can hold.
#[cfg(feature = "client")]
pub(crate) type BoxFuture<T> = futures_util::future::BoxFuture<'static, T>;

/// The tokio runtime that executes the tasks of a server or client.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Handle);

impl Runtime {
    /// Returns the chosen runtime, or else the runtime of the calling thread. If there is none,
    /// returns the shared background runtime.
    ///
    /// # Errors
    ///
    /// The reason why the runtime cannot be used, and a way out.
    pub(crate) fn find(chosen: Option<Self>, needs: Needs) -> io::Result<Self> {
        let current = || Handle::try_current().ok().map(Self);
        match chosen.or_else(current) {
            Some(runtime) => drivers::check(&runtime.0, needs).map(|()| runtime),
            None => background::handle().map(Self),
        }
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }

    /// Spawns the main task of a server or client. Warns if nothing runs the task within a second.
    pub(crate) fn start(
        &self,
        owner: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let watchdog = match watchdog::has_run(&self.0) {
            true => None,
            false => Watchdog::of(&self.0, owner),
        };
        self.watch(watchdog, task);
    }

    /// Spawns a task. Its first poll and its drop drop the watchdog.
    fn watch(&self, watchdog: Option<Watchdog>, task: impl Future<Output = ()> + Send + 'static) {
        self.spawn(lazy(move |_| watchdog.map(Watchdog::satisfy)).then(move |_| task));
    }

    /// Awaits the future, which waits for tasks of this runtime. Warns if nothing runs the tasks
    /// within a second.
    pub(crate) async fn wait_for<F: Future>(&self, owner: &'static str, future: F) -> F::Output {
        let mut future = pin!(future);
        let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context)));
        if let Poll::Ready(output) = first.await {
            return output;
        }
        if self.may_be_stopped() {
            self.watch(Watchdog::of(&self.0, owner), ready(()));
        }
        future.await
    }

    /// Returns whether nothing may run this runtime while the calling thread waits: it has no
    /// threads of its own, and the calling thread is outside of it.
    pub(crate) fn may_be_stopped(&self) -> bool {
        matches!(self.0.runtime_flavor(), RuntimeFlavor::CurrentThread)
            && Handle::try_current().map_or(true, |current| current.id() != self.0.id())
    }

    /// Returns a future that completes at `deadline`, under any executor.
    pub(crate) fn alarm(&self, deadline: Instant) -> Alarm {
        Alarm::new(self.0.clone(), deadline)
    }

    /// Returns whether this runtime has shut down.
    #[cfg(feature = "server")]
    pub(crate) fn has_ended(&self) -> bool {
        let task = self.0.spawn(ready(()));
        task.now_or_never().is_some_and(|ended| ended.is_err())
    }

    /// Starts a check of whether anything runs this runtime.
    pub(crate) fn probe(&self) -> Probe {
        Probe(self.0.spawn(ready(())))
    }

    /// Runs `f` in the context of this runtime. Sockets that `f` creates belong to this runtime.
    #[cfg(feature = "server")]
    pub(crate) fn enter<T>(&self, f: impl FnOnce() -> T) -> T {
        let _guard = self.0.enter();
        f()
    }
}

impl From<Handle> for Runtime {
    fn from(handle: Handle) -> Self {
        Self(handle)
    }
}

/// A trivial task. It shows whether the runtime runs its tasks.
pub(crate) struct Probe(JoinHandle<()>);

impl Probe {
    /// Returns true once the runtime has run a task, and if the runtime has ended.
    pub(crate) fn has_run(&self) -> bool {
        self.0.is_finished()
    }
}

/// The wake events of the environment. Only a browser has any.
#[cfg(feature = "client")]
pub(crate) struct WakeEvents;

#[cfg(feature = "client")]
impl WakeEvents {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}
