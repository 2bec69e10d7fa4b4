//! A server that pairs players of equal strength.
//!
//! What it shows of a service: answers that are typed errors, answers that come much later and from another task,
//! clients that go away while they wait, messages to clients that asked for nothing, and an end in good order.

mod floor;
mod hall;
mod matchmaker;
mod service;

use std::{sync::Arc, time::Duration};

use matchmaking_protocol::matchmaking::Server;

use crate::{floor::Floor, service::Matchmaker};

/// How long clients may take to hear the last of it when the server shuts down.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves until `stop` is over and everybody has been told.
pub async fn serve(server: Server, stop: impl Future<Output = ()>) {
    let floor = Arc::new(Floor::new());
    let handle = server.handle();
    let farewell = async {
        stop.await;
        // First of all: the server waits for open requests, and without this a search may last forever.
        floor.close();
        handle.shutdown(FAREWELL).await
    };
    let service = Matchmaker::new(floor.clone());
    tokio::select! {
        () = server.serve(service) => {}
        // Goes on without end, so that it is the service that decides when all is over.
        _ = async { tokio::join!(matchmaker::run(&floor, &handle), farewell) } => {}
    }
}
