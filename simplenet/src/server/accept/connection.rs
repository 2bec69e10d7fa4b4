//! The task of one connection: handshake, session, close.

use std::{future::poll_fn, sync::Arc};

use tokio::sync::OwnedSemaphorePermit;

use super::{handshake::accept, listener::Incoming};
use crate::{
    channel::ChannelPack,
    driver::{CLOSE_TIMEOUT, linger},
    server::{events::Destination, service::AnyService, sessions::SessionGuard, shared::Shared},
    time::{self, Instant},
    tls::TlsIdentity,
    transport::{Transport, WebSocketLimits},
    wire::{CloseReason, encode_refused},
};

/// Serves one connection to its end.
///
/// `pending` is the connection's slot among the pending connections.
pub(super) async fn serve<C: ChannelPack, I: Incoming>(
    shared: Arc<Shared<C>>,
    service: Option<Arc<dyn AnyService<C>>>,
    incoming: I,
    pending: OwnedSemaphorePermit,
) {
    let address = incoming.address();
    // The handshake needs several times the memory of an idle session, so its future is on the heap
    // and freed at its end. The transport remains in a box of its own, so that the futures that own
    // the transport do not reserve memory for it.
    let handshake = Box::pin(handshake(&shared, service, incoming));
    let Some((mut transport, accepted)) = handshake.await else {
        return;
    };
    drop(pending);
    match accepted {
        Ok(session) => session.run(transport).await,
        Err(reason) => {
            tracing::debug!(?address, %reason, "client refused");
            // A peer that disconnects before its hello gets no refusal.
            if !matches!(reason, CloseReason::ConnectionLost(_)) {
                refuse(&mut *transport, &reason).await;
            }
            linger(transport).await;
        }
    }
}

/// Performs TLS and the WebSocket upgrade, and then verifies the hello. Returns `None` if there is
/// no peer that could receive a refusal.
async fn handshake<C: ChannelPack, I: Incoming>(
    shared: &Arc<Shared<C>>,
    service: Option<Arc<dyn AnyService<C>>>,
    incoming: I,
) -> Option<(Box<I::Transport>, Result<SessionGuard<C>, CloseReason>)> {
    let address = incoming.address();
    let deadline = time::deadline(shared.config.auth_timeout);
    let opening = open(shared, incoming, deadline);
    let (mut transport, tls) = shared.unless_stopped(opening).await.flatten()?;
    let events = Destination::new(service);
    let accepting =
        time::timeout_at(deadline, accept(shared, events, &mut transport, address, tls));
    let accepted = match shared.unless_stopped(accepting).await {
        Some(accepted) => accepted.unwrap_or(Err(CloseReason::Timeout)),
        None => Err(CloseReason::ShutDown),
    };
    Some((Box::new(transport), accepted))
}

/// Performs the TLS handshake, if there is one, and the WebSocket upgrade.
async fn open<C: ChannelPack, I: Incoming>(
    shared: &Shared<C>,
    incoming: I,
    deadline: Instant,
) -> Option<(I::Transport, Option<TlsIdentity>)> {
    let limits = WebSocketLimits::for_frames(shared.config.max_msg_size);
    let address = incoming.address();
    match time::timeout_at(deadline, incoming.upgrade(limits, &shared.config.allowed_origins)).await
    {
        Some(Ok(opened)) => Some(opened),
        Some(Err(error)) => {
            let reason = CloseReason::from(error);
            tracing::debug!(?address, %reason, "WebSocket handshake failed");
            None
        }
        None => {
            tracing::debug!(?address, "WebSocket handshake not complete within auth_timeout");
            None
        }
    }
}

/// Sends the refusal, and queues the close behind it.
async fn refuse<T: Transport>(transport: &mut T, reason: &CloseReason) {
    let sending = async {
        poll_fn(|context| transport.poll_ready(context)).await?;
        transport.start_send(encode_refused(reason))?;
        // A close would replace the unwritten rest of a long refusal.
        poll_fn(|context| transport.poll_ready(context)).await
    };
    // Best effort: the peer may have disconnected, or may not read.
    let _ = time::timeout(CLOSE_TIMEOUT, sending).await;
    let _ = transport.start_close(reason);
}
