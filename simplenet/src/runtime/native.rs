use std::{future::Future, io, sync::OnceLock};

use tokio::runtime::{Builder, Handle};

/// The bound of the values in a client's task, which moves between threads.
#[cfg(feature = "client")]
pub trait MaybeSend: Send {}

#[cfg(feature = "client")]
impl<T: Send> MaybeSend for T {}

/// A future of any kind that a task may hold.
#[cfg(feature = "client")]
pub(crate) type BoxFuture<T> = futures_util::future::BoxFuture<'static, T>;

/// Spawns the tasks of servers and clients: on the ambient tokio runtime, on the user's choice, or on a shared
/// background runtime.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Handle);

impl Runtime {
    /// Returns the runtime of the calling task, or the shared background runtime if there is none.
    pub(crate) fn ambient() -> io::Result<Self> {
        match Handle::try_current() {
            Ok(handle) => Ok(Self(handle)),
            Err(_) => background().map(Self),
        }
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }

    /// Runs `f` in the context of this runtime, to which its timers and sockets then belong.
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

/// Returns the background runtime: two threads for all servers and clients of a process without a runtime.
fn background() -> io::Result<Handle> {
    static BACKGROUND: OnceLock<Result<tokio::runtime::Runtime, io::ErrorKind>> = OnceLock::new();
    let runtime = BACKGROUND.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("simplenet")
            .enable_all()
            .build()
            .map_err(|error| error.kind())
    });
    match runtime {
        Ok(runtime) => Ok(runtime.handle().clone()),
        Err(kind) => Err(io::Error::new(*kind, "the background runtime could not be started")),
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
