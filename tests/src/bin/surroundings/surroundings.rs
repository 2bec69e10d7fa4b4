use tokio::runtime::{Builder, Runtime};

use super::{Act, Conditions, Outcome, Prepare, executor::block_on};

/// The surroundings in which a server or client is created and used.
#[derive(Clone, Copy, Debug)]
pub(super) enum Surroundings {
    /// No tokio runtime, and an executor that is not tokio.
    None,
    /// In `block_on` of a runtime with threads.
    MultiThread,
    /// In `block_on` of a runtime without threads.
    CurrentThread,
    /// A chosen runtime with threads, and an executor that is not tokio.
    OtherExecutor,
    /// In the context of a runtime without threads that is never run.
    Entered,
    /// In `block_on` of a runtime without an IO driver.
    WithoutIo,
    /// In `block_on` of a runtime without timers.
    WithoutTimers,
    /// A chosen runtime that has shut down.
    Ended,
    /// Created on a chosen runtime that shuts down before the server or client is used.
    Ending,
    /// Created on a runtime without threads, and used after its `block_on` has returned.
    Stopped,
}

impl Surroundings {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "none" => Self::None,
            "multi-thread" => Self::MultiThread,
            "current-thread" => Self::CurrentThread,
            "other-executor" => Self::OtherExecutor,
            "entered" => Self::Entered,
            "without-io" => Self::WithoutIo,
            "without-timers" => Self::WithoutTimers,
            "ended" => Self::Ended,
            "ending" => Self::Ending,
            "stopped" => Self::Stopped,
            _ => return None,
        })
    }

    /// Runs both halves of an operation.
    pub(super) fn run(self, operation: impl FnOnce(Conditions) -> Prepare) -> Outcome {
        let unchosen = |runs| Conditions { chosen: None, runs };
        match self {
            Self::None => block_on(both(operation(unchosen(true)))),
            Self::MultiThread => multi_thread().block_on(both(operation(unchosen(true)))),
            Self::CurrentThread => {
                let runtime =
                    Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(both(operation(unchosen(true))))
            }
            Self::OtherExecutor => {
                let runtime = multi_thread();
                let chosen = Some(runtime.handle().clone());
                block_on(both(operation(Conditions { chosen, runs: true })))
            }
            Self::Entered => {
                let runtime =
                    Builder::new_current_thread().enable_all().build().expect("a runtime");
                let _guard = runtime.enter();
                block_on(both(operation(unchosen(false))))
            }
            Self::WithoutIo => {
                let runtime =
                    Builder::new_current_thread().enable_time().build().expect("a runtime");
                runtime.block_on(both(operation(unchosen(true))))
            }
            Self::WithoutTimers => {
                let runtime = Builder::new_multi_thread().enable_io().build().expect("a runtime");
                runtime.block_on(both(operation(unchosen(true))))
            }
            Self::Ended => {
                let runtime = multi_thread();
                let chosen = Some(runtime.handle().clone());
                drop(runtime);
                block_on(both(operation(Conditions { chosen, runs: false })))
            }
            Self::Ending => {
                let runtime = multi_thread();
                let chosen = Some(runtime.handle().clone());
                let act = block_on(operation(Conditions { chosen, runs: true }))?;
                runtime.shutdown_background();
                block_on(act)
            }
            Self::Stopped => {
                let runtime =
                    Builder::new_current_thread().enable_all().build().expect("a runtime");
                let act: Act = runtime.block_on(operation(unchosen(true)))?;
                block_on(act)
            }
        }
    }
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

async fn both(prepare: Prepare) -> Outcome {
    prepare.await?.await
}
