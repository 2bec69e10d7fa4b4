//! How a session that this side ends is ended, and then its connection.

use std::{future::poll_fn, task::Poll, time::Duration};

use super::BATCH;
use crate::{
    session::Core,
    time::{self, Instant},
    transport::Transport,
    wire::CloseReason,
};

/// How long the peer has to take what is left when a session closes, beside the time that [`LEAST_RATE`] gives it, and then
/// again to close its own end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes per second that the peer of a closing session has to take. A time without it would cut off a slow network, and a
/// time that begins again with each frame would let a peer stay for as long as it likes.
const LEAST_RATE: u64 = 64 * 1024;

/// This side ends the session.
pub(super) struct Closing {
    pub(super) reason: CloseReason,
    /// The session ends without waiting for the peer to take the close.
    pub(super) aborted: bool,
    pub(super) queued: bool,
    pub(super) deadline: Instant,
}

impl Closing {
    /// Takes over what the session says of its end.
    pub(super) fn see(closing: &mut Option<Self>, core: &Core, now: Instant) {
        let Some(reason) = core.closing() else {
            return;
        };
        let closing = closing.get_or_insert_with(|| Self {
            reason: reason.clone(),
            aborted: false,
            queued: false,
            deadline: now + CLOSE_TIMEOUT,
        });
        if !closing.queued {
            closing.reason = reason.clone();
        }
        closing.aborted = core.is_aborted();
    }

    /// The transport has taken a frame of this weight.
    pub(super) fn earn(&mut self, weight: u64) {
        self.deadline += Duration::from_micros(weight * 1_000_000 / LEAST_RATE);
    }
}

/// Ends a connection: waits for the peer to take the close and close its own end, for a socket dropped earlier with unread
/// input would be reset, and what the peer has not read yet would be lost.
pub(crate) async fn linger<T: Transport>(mut transport: Box<T>) {
    let closed = poll_fn(|context| {
        let flushed = transport.poll_flush(context);
        if let Poll::Ready(Err(_)) = flushed {
            return Poll::Ready(());
        }
        for _ in 0..BATCH {
            match transport.poll_receive(context) {
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(_)) => return flushed.map(drop),
                Poll::Pending => return Poll::Pending,
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    });
    // Either way the connection is given up.
    let _ = time::timeout(CLOSE_TIMEOUT, closed).await;
    transport.farewell();
}
