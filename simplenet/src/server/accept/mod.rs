//! The acceptance of connections: accept, upgrade, authenticate, admit.

mod authenticate;
mod connection;
mod handshake;
mod listener;
mod mismatch;
mod per_address;

use std::{io, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(super) use listener::{Incoming, Listener};
use per_address::ConnectionsPerAddress;

use super::{service::AnyService, shared::Shared};
use crate::{channel::ChannelPack, runtime::Runtime, time, wire::CloseReason};

/// The pause after an error of `accept`, for example because file descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The state of the accept loop. When this state is dropped, for example by the end of the runtime,
/// the server stops admitting clients.
pub(super) struct Listening<C: ChannelPack> {
    pub(super) shared: Arc<Shared<C>>,
    pub(super) service: Option<Arc<dyn AnyService<C>>>,
}

impl<C: ChannelPack> Drop for Listening<C> {
    fn drop(&mut self) {
        self.shared.end_listening(CloseReason::ShutDown);
    }
}

/// Accepts connections until the server stops. Each connection gets a task of its own.
pub(super) async fn accept<C: ChannelPack, L: Listener>(
    listening: Listening<C>,
    runtime: Runtime,
    mut listener: L,
) {
    let shared = &listening.shared;
    let pending = slots(shared.config.max_pending);
    // A connection also counts against this limit while it lingers after its session.
    let all = slots(shared.config.max_connections.saturating_add(shared.config.max_pending));
    let per_address = ConnectionsPerAddress::new(shared.config.max_connections_per_ip);
    let next = async |listener: &mut L| {
        let slots = (slot(&pending).await?, slot(&all).await?);
        Some((slots, listener.accept().await))
    };
    while let Some(Some((slots, accepted))) = shared.unless_stopped(next(&mut listener)).await {
        match accepted {
            Ok(incoming) => {
                let (pending, slot) = slots;
                let address = incoming.address();
                let Some(address_slot) = per_address.slot(address.map(|address| address.ip()))
                else {
                    tracing::debug!(
                        ?address,
                        "connection closed: its address has reached max_connections_per_ip"
                    );
                    continue;
                };
                let (shared, tracked) = (shared.clone(), shared.connections.token());
                let service = listening.service.clone();
                runtime.spawn(async move {
                    // Create the future inside the task. Moving the future into the task would
                    // reserve its memory twice.
                    connection::serve(shared, service, incoming, pending).await;
                    drop((slot, address_slot, tracked));
                });
            }
            Err(error) => {
                // These errors concern a single connection, which ended before it was accepted.
                use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
                if !matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
                    tracing::warn!(%error, pause = ?ACCEPT_PAUSE, "cannot accept connections");
                    shared.unless_stopped(time::sleep(ACCEPT_PAUSE)).await;
                }
            }
        }
    }
}

fn slots(count: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(count.clamp(1, Semaphore::MAX_PERMITS)))
}

async fn slot(slots: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    slots.clone().acquire_owned().await.ok()
}
