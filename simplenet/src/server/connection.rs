//! One connection of a server, from the first byte to the last: handshake, session, farewell.

use std::{future::poll_fn, sync::Arc};

use tokio::sync::OwnedSemaphorePermit;

use super::{Shared, admitted::Admitted, handshake::accept, listener::Incoming};
use crate::{
    ChannelPack, CloseReason, TlsIdentity,
    driver::linger,
    time::{self, Instant},
    transport::{Transport, WebSocketLimits},
    wire::encode_refused,
};

/// Serves one connection to its end.
///
/// `pending` is its place among the connections that are not accepted yet.
pub(super) async fn serve<C: ChannelPack, I: Incoming>(
    shared: Arc<Shared<C>>,
    incoming: I,
    pending: OwnedSemaphorePermit,
) {
    let address = incoming.address();
    // On the heap, and only while it lasts: it takes several times the memory of an idle session. The transport stays
    // there, because each future that it moves through would keep room for it.
    let Some((mut transport, accepted)) = Box::pin(handshake(&shared, incoming)).await else {
        return;
    };
    drop(pending);
    match accepted {
        Ok(admitted) => admitted.run(transport).await,
        Err(reason) => {
            tracing::debug!(?address, %reason, "a client was refused");
            // Who has gone before it said who it is has asked for no answer.
            if !matches!(reason, CloseReason::ConnectionLost(_)) {
                refuse(&mut *transport, &reason).await;
            }
            linger(transport).await;
        }
    }
}

/// TLS and the WebSocket upgrade, then the hello. `None` where there is nobody to be told anything.
async fn handshake<C: ChannelPack, I: Incoming>(
    shared: &Arc<Shared<C>>,
    incoming: I,
) -> Option<(Box<I::Transport>, Result<Admitted<C>, CloseReason>)> {
    let address = incoming.address();
    let deadline = time::deadline(shared.config.auth_timeout);
    let opening = open(shared, incoming, deadline);
    let (mut transport, tls) = shared.unless_stopped(opening).await.flatten()?;
    let accepting = time::timeout_at(deadline, accept(shared, &mut transport, address, tls));
    let accepted = match shared.unless_stopped(accepting).await {
        Some(accepted) => accepted.unwrap_or(Err(CloseReason::Timeout)),
        None => Err(CloseReason::ShutDown),
    };
    Some((Box::new(transport), accepted))
}

/// TLS, if there is any, and the WebSocket upgrade.
async fn open<C: ChannelPack, I: Incoming>(
    shared: &Shared<C>,
    incoming: I,
    deadline: Instant,
) -> Option<(I::Transport, Option<TlsIdentity>)> {
    let limits = WebSocketLimits { max_msg_size: shared.config.max_msg_size };
    let address = incoming.address();
    match time::timeout_at(deadline, incoming.upgrade(limits, &shared.config.allowed_origins)).await
    {
        Some(Ok(opened)) => Some(opened),
        Some(Err(error)) => {
            tracing::debug!(?address, reason = %CloseReason::from(error), "no WebSocket handshake");
            None
        }
        None => {
            tracing::debug!(?address, "the WebSocket handshake took too long");
            None
        }
    }
}

async fn refuse<T: Transport>(transport: &mut T, reason: &CloseReason) {
    // Best effort: who is refused may be gone already.
    let _ = poll_fn(|context| transport.poll_ready(context)).await;
    let _ = transport.start_send(encode_refused(reason));
    let _ = transport.start_close(reason);
}
