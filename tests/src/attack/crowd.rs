use std::future::Future;

use futures_util::{StreamExt, stream};

/// Connections of an attacker at a time: a process may not have file descriptors for more.
const AT_A_TIME: usize = 200;

/// So many of them; as one ends, the next begins.
pub(super) async fn crowd<F: Future>(size: u64, member: impl Fn(u64) -> F) -> Vec<F::Output> {
    stream::iter((0..size).map(member)).buffer_unordered(AT_A_TIME).collect().await
}
