//! A runtime on which no task may panic.

use std::{
    future::Future,
    panic,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// The name of the threads whose panics are counted.
const WATCHED: &str = "watched";

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Runs the future on a runtime on which a panic of any task fails the test.
pub(super) fn without_panics(future: impl Future<Output = ()>) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if thread::current().name() == Some(WATCHED) {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            report(panic);
        }));
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(WATCHED)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future);
    drop(runtime);
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "a task panicked, see the output above");
}
