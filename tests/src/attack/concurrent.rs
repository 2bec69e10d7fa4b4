use std::future::Future;

use futures_util::{StreamExt, stream};

/// The number of concurrent connections, below the limit on file descriptors of a process.
const MAX_CONCURRENT: usize = 200;

/// Runs `count` futures with limited concurrency.
pub(super) async fn concurrent<F: Future>(count: u64, make: impl Fn(u64) -> F) -> Vec<F::Output> {
    stream::iter((0..count).map(make)).buffer_unordered(MAX_CONCURRENT).collect().await
}
