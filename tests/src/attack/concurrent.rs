use std::future::Future;

use futures_util::{StreamExt, stream};

/// Number of concurrent connections of an attacker, limited by the file descriptors of a process.
const AT_A_TIME: usize = 200;

/// Runs `count` futures with limited concurrency.
pub(super) async fn concurrent<F: Future>(size: u64, member: impl Fn(u64) -> F) -> Vec<F::Output> {
    stream::iter((0..size).map(member)).buffer_unordered(AT_A_TIME).collect().await
}
