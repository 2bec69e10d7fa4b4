//! The end of a session that this side closes, and the end of its connection.

use std::{future::poll_fn, task::Poll, time::Duration};

use super::BATCH;
use crate::{
    session::Core,
    time::{self, Instant},
    transport::Transport,
    wire::CloseReason,
};

/// The time in which the peer must read the remaining frames of a closing session, in addition to
/// the time that [`MIN_READ_RATE`] grants. After that, the peer has the same time to close its own
/// side.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The lowest rate in bytes per second at which the peer of a closing session must read.
///
/// A fixed deadline would cut off a peer on a slow network. A deadline that restarts with each
/// frame would let a peer delay the close without limit.
const MIN_READ_RATE: u64 = 64 * 1024;

/// The close of a session by this side.
pub(super) struct Closing {
    pub(super) reason: CloseReason,
    /// True if the session ends before the close is written.
    pub(super) aborted: bool,
    /// True if the transport has the close.
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

    /// Extends the deadline for a frame that the transport has accepted.
    pub(super) fn extend(&mut self, weight: u64) {
        self.deadline += Duration::from_micros(weight * 1_000_000 / MIN_READ_RATE);
    }
}

/// Ends a connection: waits until the peer has read the close and closed its own side.
///
/// If a socket is dropped while it has unread input, its connection is reset, and the peer loses
/// the bytes that it has not read.
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
    // The connection is dropped after a timeout as well.
    let _ = time::timeout(CLOSE_TIMEOUT, closed).await;
    transport.close_notify();
}
