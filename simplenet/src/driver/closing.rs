//! The end of a session that this side closes, and the end of its connection.

use std::{future::poll_fn, task::Poll, time::Duration};

use super::BATCH;
use crate::{
    session::Core,
    time::{self, Instant},
    transport::Transport,
    wire::CloseReason,
};

/// The time limit for each of the two steps of a close. First, the peer must read the remaining
/// messages. For each message, [`MIN_READ_RATE`] extends this limit. Then, the peer must close its
/// own side.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The lowest rate at which the peer of a closing session may read, in bytes per second.
///
/// A fixed deadline would cut off a peer on a slow network. A deadline that restarts with each
/// message would let a peer delay the close without limit.
const MIN_READ_RATE: u64 = 64 * 1024;

/// The close of a session by this side.
pub(super) struct Closing {
    pub(super) reason: CloseReason,
    /// True if the session ends without waiting until the close is written.
    pub(super) aborted: bool,
    /// True if the close was handed to the transport. It may not be written yet.
    pub(super) queued: bool,
    pub(super) deadline: Instant,
}

impl Closing {
    /// Updates the close from the state of the session.
    pub(super) fn update(closing: &mut Option<Self>, core: &Core, now: Instant) {
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

    /// Extends the deadline by the time that the peer may take to read a message. Called when the
    /// transport has accepted the message.
    pub(super) fn extend(&mut self, weight: u64) {
        self.deadline += Duration::from_micros(weight * 1_000_000 / MIN_READ_RATE);
    }
}

/// Waits until the peer has read the close and closed its own side, and then ends the connection.
///
/// Dropping a socket that has unread input would reset the connection. The peer would then lose all
/// bytes that it has not read yet.
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
    // If the peer does not close its side in time, the connection is dropped all the same.
    let _ = time::timeout(CLOSE_TIMEOUT, closed).await;
    transport.close_notify();
}
