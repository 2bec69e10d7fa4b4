use std::{future::Future, io, sync::OnceLock};

use tokio::runtime::{Builder, Handle};

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

    /// Runs `f` in the context of this runtime. Timers and sockets that `f` creates belong to this
    /// runtime.
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

/// Returns the background runtime. Its two threads serve all servers and clients that were created
/// outside of a runtime.
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
        Err(kind) => {
            Err(io::Error::new(*kind, format!("cannot start the background runtime: {kind}")))
        }
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
