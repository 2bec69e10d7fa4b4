//! A server that pairs players of similar strength.
//!
//! The server is an example of a service. It shows typed errors, responses that another task sends
//! later, clients that disconnect while they wait, messages that no client has requested, and a
//! graceful shutdown.

mod matches;
mod pairing;
mod service;
mod shared_state;
mod state;

use std::{fmt, net::ToSocketAddrs, sync::Arc, time::Duration};

use matchmaking_protocol::matchmaking::{Matchmaking, Server};
use simplenet::{BindError, Serving, ShutdownReport, Url};

use crate::{service::MatchmakingService, shared_state::SharedState};

/// The maximum time that clients have to receive their last messages during a shutdown.
const SHUTDOWN_DEADLINE: Duration = Duration::from_secs(5);

/// A listening matchmaking server. It serves clients while [`run`](Self::run) is awaited.
pub struct MatchmakingServer {
    serving: Serving<Matchmaking>,
    shared: Arc<SharedState>,
}

impl MatchmakingServer {
    /// Listens on an address.
    ///
    /// # Errors
    ///
    /// The server cannot listen on the address, see [`BindError`].
    pub fn bind(address: impl ToSocketAddrs + fmt::Debug) -> Result<Self, BindError> {
        let shared = Arc::new(SharedState::new());
        let service = MatchmakingService::new(shared.clone());
        let serving = Server::builder().service(service).bind(address)?;
        Ok(Self { serving, shared })
    }

    /// Returns the URL for clients.
    pub fn url(&self) -> Url {
        self.serving.url()
    }

    /// Serves clients until `stop` completes, then shuts down. Returns how the sessions ended.
    pub async fn run(self, stop: impl Future<Output = ()>) -> ShutdownReport {
        let Self { serving, shared } = self;
        let handle = serving.handle();
        let shutdown = async {
            stop.await;
            // The shutdown waits for open requests. A search may stay open for any time, so all
            // searches end first.
            shared.close();
            handle.shutdown(SHUTDOWN_DEADLINE).await
        };
        tokio::select! {
            report = serving => report,
            // Pairing never returns, so the select ends when `serving` completes.
            (_, report) = async { tokio::join!(pairing::run(&shared, &handle), shutdown) } => report,
        }
    }
}
