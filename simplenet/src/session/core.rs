use std::sync::Arc;

use bytes::Bytes;

use super::{
    Heartbeat, Liveness, Outbox, Progress,
    liveness::{HeartbeatFrame, PeerState},
};
use crate::{
    time::Instant,
    wire::{self, CloseReason, FrameError},
};

/// The part of a session that both sides have in common: the outbox and the liveness of the peer.
#[derive(Debug)]
pub(crate) struct Core {
    pub(super) outbox: Outbox,
    pub(super) liveness: Liveness,
    max_msg_size: usize,
}

impl Core {
    /// Creates the core of a session. `max_msg_size` limits incoming frames.
    pub(super) fn new(
        outbox_bytes: usize,
        max_msg_size: usize,
        heartbeat: Heartbeat,
        now: Instant,
    ) -> Self {
        Self {
            outbox: Outbox::new(outbox_bytes),
            liveness: Liveness::new(heartbeat, now),
            max_msg_size,
        }
    }

    /// Processes the arrival of a frame. Returns false if the session must ignore the frame.
    #[inline]
    pub(super) fn handle_frame(&mut self, now: Instant, frame: &[u8]) -> bool {
        if self.outbox.is_closed() {
            return false;
        }
        if frame.len() > self.max_msg_size {
            self.outbox.abort(CloseReason::MessageTooBig);
            return false;
        }
        self.liveness.handle_frame(now);
        true
    }

    /// Processes bytes that contain no valid frame.
    pub(crate) fn handle_invalid(&mut self, error: FrameError) {
        if !self.outbox.is_closed() {
            self.abort(error.into());
        }
    }

    /// Processes the arrival of bytes of an incomplete message.
    pub(crate) fn handle_bytes(&mut self, now: Instant) {
        self.liveness.handle_bytes(now);
    }

    /// Records whether the driver has paused reading. The driver pauses while the event queue is
    /// full, or while the peer exceeds its rate limit.
    pub(crate) fn handle_reading(&mut self, now: Instant, paused: bool) {
        self.liveness.handle_reading(now, paused);
    }

    /// Pings the peer at once. Called when the connection may be dead.
    #[cfg(feature = "client")]
    pub(crate) fn probe(&mut self, now: Instant) {
        self.liveness.probe(now);
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.liveness.handle_timeout(now) == PeerState::TimedOut {
            self.outbox.abort(CloseReason::Timeout);
        }
    }

    /// Returns the time of the next heartbeat or timeout. Returns `None` if the session is closed.
    pub(super) fn next_timeout(&self) -> Option<Instant> {
        (!self.outbox.is_closed()).then(|| self.liveness.next_timeout())
    }

    /// Returns the message with the heartbeat frame that is due, if any. The driver must write it
    /// before the messages of the outbox.
    pub(crate) fn take_heartbeat(&mut self) -> Option<Bytes> {
        if self.outbox.is_closed() {
            return None;
        }
        Some(match self.liveness.take_heartbeat()? {
            HeartbeatFrame::Ping(nonce) => wire::ping(nonce).to_bytes(),
            HeartbeatFrame::Pong(nonce) => wire::pong(nonce).to_bytes(),
        })
    }

    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Returns the reason with which this side closes the session. Returns `None` until the driver
    /// has taken all frames that were queued before the close.
    pub(crate) fn closing(&self) -> Option<&CloseReason> {
        self.outbox.closing()
    }

    /// Returns true if the session ends without writing the queued frames.
    pub(crate) fn is_aborted(&self) -> bool {
        self.outbox.is_aborted()
    }

    /// Ends the session without writing the queued frames.
    pub(crate) fn abort(&mut self, reason: CloseReason) {
        self.outbox.abort(reason);
    }

    pub(crate) fn progress(&self) -> &Arc<Progress> {
        self.outbox.progress()
    }
}
