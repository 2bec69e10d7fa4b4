use std::{io, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    Shared, connection,
    listener::{Incoming, Listener},
    per_ip::PerIp,
};
use crate::{ChannelPack, CloseReason, runtime::Runtime, time};

/// How long to wait when no connection can be accepted, for example because file descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that listens. However its task ends, by the end of its runtime too, the server takes no more clients then.
pub(super) struct Listening<C: ChannelPack>(pub(super) Arc<Shared<C>>);

impl<C: ChannelPack> Drop for Listening<C> {
    fn drop(&mut self) {
        self.0.end_listening(CloseReason::ShutDown);
    }
}

/// Accepts connections until the server stops; each gets a task of its own.
pub(super) async fn accept<C: ChannelPack, L: Listener>(
    listening: Listening<C>,
    runtime: Runtime,
    mut listener: L,
) {
    let shared = &listening.0;
    let pending = slots(shared.config.max_pending);
    // Those that linger after their session count too.
    let all = slots(shared.config.max_connections.saturating_add(shared.config.max_pending));
    let per_ip = PerIp::new(shared.config.max_connections_per_ip);
    let next = async |listener: &mut L| {
        let places = (slot(&pending).await?, slot(&all).await?);
        Some((places, listener.accept().await))
    };
    while let Some(Some((places, accepted))) = shared.unless_stopped(next(&mut listener)).await {
        match accepted {
            Ok(incoming) => {
                let (pending, place) = places;
                let address = incoming.address();
                let Some(ip_slot) = per_ip.slot(address.map(|address| address.ip())) else {
                    tracing::debug!(?address, "too many connections from one address");
                    continue;
                };
                let (shared, tracked) = (shared.clone(), shared.connections.token());
                runtime.spawn(async move {
                    // Made in here: a future that is moved in takes its room twice.
                    connection::serve(shared, incoming, pending).await;
                    drop((place, ip_slot, tracked));
                });
            }
            Err(error) => {
                // A connection that was gone before it was accepted is its own affair.
                use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
                if !matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
                    tracing::warn!(%error, "no connection can be accepted");
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
