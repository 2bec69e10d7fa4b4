//! The background runtime of the servers and clients that were created outside of a runtime.

use std::{io, process, sync::OnceLock};

use tokio::runtime::{Builder, Handle, Runtime};

struct Background {
    runtime: Runtime,
    process: u32,
}

/// Returns the background runtime, which has two threads.
pub(super) fn handle() -> io::Result<Handle> {
    static BACKGROUND: OnceLock<Result<Background, io::ErrorKind>> = OnceLock::new();
    let background = BACKGROUND.get_or_init(|| {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("simplenet")
            .enable_all()
            .build()
            .map_err(|error| error.kind())?;
        Ok(Background { runtime, process: process::id() })
    });
    match background {
        Ok(background) => {
            check_process(background.process, process::id())?;
            Ok(background.runtime.handle().clone())
        }
        Err(kind) => {
            Err(io::Error::new(*kind, format!("cannot start the background runtime: {kind}")))
        }
    }
}

/// Checks that the threads of the background runtime exist in this process.
fn check_process(started_in: u32, present: u32) -> io::Result<()> {
    if started_in == present {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "the background runtime runs in process {started_in}, and process {present} was forked \
         from it without its threads: create the first server or client after the fork, or choose \
         a runtime of this process by `runtime(handle)`"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn background_runtime_of_another_process_is_an_error() {
        assert!(check_process(7, 7).is_ok());
        let error = check_process(7, 8).expect_err("the threads are in process 7").to_string();
        assert!(error.contains("process 8 was forked"), "{error}");
    }
}
