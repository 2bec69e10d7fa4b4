//! The end of a client in a program without async code.

#![cfg(not(target_arch = "wasm32"))]

use std::time::Duration;

use thiserror::Error;

use super::{death::DeathReason, handle::ClientHandle};
use crate::channel::ChannelPack;

impl<C: ChannelPack> ClientHandle<C> {
    /// [Closes](Self::close) the client, and blocks the calling thread until the client is dead.
    /// For programs without async code, which call it before they end.
    ///
    /// Returns the reason of the death, which is [`DeathReason::ClosedBySelf`] unless the client
    /// was dead before.
    ///
    /// Async code awaits [`dead`](Self::dead) instead. The thread that runs the tasks of the client
    /// cannot wait for them: there, this method logs a warning after a second.
    ///
    /// # Errors
    ///
    /// The client is still closing after `limit`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use simplenet::DeathReason;
    ///
    /// #[simplenet::channel]
    /// pub mod chat {
    ///     #[client_message]
    ///     pub struct Say(pub String);
    /// }
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let (_server, connector) = chat::Server::builder().bind_memory()?;
    ///     let client = chat::Client::in_memory(&connector).connect(());
    ///     // A frame loop calls `client.next()` and `client.send(..)`.
    ///     let reason = client.close_blocking(Duration::from_secs(5))?;
    ///     assert!(matches!(reason, DeathReason::ClosedBySelf));
    ///     Ok(())
    /// }
    /// ```
    pub fn close_blocking(&self, limit: Duration) -> Result<DeathReason, StillClosing> {
        self.close();
        match &self.shared.runtime {
            Some(runtime) => runtime
                .block_on(limit, self.dead())
                .map_err(|late| StillClosing { limit, runtime_runs: late.runtime_runs }),
            // Without a runtime, the client has been dead from the start.
            None => Ok(self.shared.death().unwrap_or(DeathReason::RuntimeGone)),
        }
    }
}

/// The error of [`ClientHandle::close_blocking`]: the client is not dead within the limit. It
/// continues to close in the background.
#[derive(Clone, Debug, Error)]
#[error("still closing after {limit:?}: {}", self.cause())]
pub struct StillClosing {
    limit: Duration,
    runtime_runs: bool,
}

impl StillClosing {
    fn cause(&self) -> &'static str {
        if self.runtime_runs {
            "the server may not have received all messages"
        } else {
            "nothing runs the tokio runtime of the client: await `dead()` in its `block_on`"
        }
    }
}
