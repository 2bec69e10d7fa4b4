//! A server that pairs players of equal strength.
//!
//! What it shows of a service: answers that are typed errors, answers that come much later and from another task,
//! clients that go away while they wait, messages to clients that asked for nothing, and an end in good order.

mod floor;
mod hall;
mod matchmaker;
mod service;

use std::{fmt, net::ToSocketAddrs, sync::Arc, time::Duration};

use matchmaking_protocol::matchmaking::{Matchmaking, Server};
use simplenet::{BindError, Serving, Url};

use crate::{floor::Floor, service::Matchmaker};

/// The time that clients have to receive their last messages when the server shuts down.
const SHUTDOWN_DEADLINE: Duration = Duration::from_secs(5);

/// A matchmaking server that listens. It serves its clients while [`run`](Self::run) is awaited.
pub struct MatchmakingServer {
    serving: Serving<Matchmaking>,
    floor: Arc<Floor>,
}

impl MatchmakingServer {
    /// Listens on the address.
    ///
    /// # Errors
    ///
    /// See [`BindError`].
    pub fn bind(address: impl ToSocketAddrs + fmt::Debug) -> Result<Self, BindError> {
        let floor = Arc::new(Floor::new());
        let serving = Server::builder().service(Matchmaker::new(floor.clone())).bind(address)?;
        Ok(Self { serving, floor })
    }

    /// Returns the URL that clients connect to.
    pub fn url(&self) -> Url {
        self.serving.url()
    }

    /// Serves until `stop` is complete and every client has been told.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { serving, floor } = self;
        let handle = serving.handle();
        let shutdown = async {
            stop.await;
            // Close the floor first: the server waits for open requests, and a search may last forever.
            floor.close();
            handle.shutdown(SHUTDOWN_DEADLINE).await
        };
        tokio::select! {
            () = serving => {}
            // The matchmaker never ends, so the select ends with the service.
            _ = async { tokio::join!(matchmaker::run(&floor, &handle), shutdown) } => {}
        }
    }
}
