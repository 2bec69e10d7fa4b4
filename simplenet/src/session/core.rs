use std::sync::Arc;

use bytes::Bytes;

use super::{
    Heartbeat, Liveness, Outbox, Progress,
    liveness::{Beat, Pulse},
};
use crate::{
    time::Instant,
    wire::{self, CloseReason},
};

/// What both sides of a session have alike: what they write, and how they know that the other one is there.
#[derive(Debug)]
pub(crate) struct Core {
    pub(super) outbox: Outbox,
    pub(super) liveness: Liveness,
    max_msg_size: usize,
}

impl Core {
    /// `max_msg_size` is that of the frames which come in.
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

    /// A frame came in; false if it is not to be looked at.
    pub(super) fn handle_frame(&mut self, now: Instant, frame: &Bytes) -> bool {
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

    /// Bytes came in that are no whole frame yet.
    pub(crate) fn handle_bytes(&mut self, now: Instant) {
        self.liveness.handle_bytes(now);
    }

    /// Whether the application keeps us from reading: silence is then our own doing.
    pub(crate) fn handle_reading(&mut self, now: Instant, paused: bool) {
        self.liveness.handle_reading(now, paused);
    }

    /// There is reason to doubt that the other side is still there.
    #[cfg(feature = "client")]
    pub(crate) fn probe(&mut self, now: Instant) {
        self.liveness.probe(now);
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.liveness.handle_timeout(now) == Pulse::Silent {
            self.outbox.abort(CloseReason::Timeout);
        }
    }

    /// When the other side is to be heard of, while the session lasts.
    pub(super) fn next_timeout(&self) -> Option<Instant> {
        (!self.outbox.is_closed()).then(|| self.liveness.next_timeout())
    }

    /// A heartbeat that is due; to be written ahead of the frames.
    pub(crate) fn take_beat(&mut self) -> Option<Bytes> {
        if self.outbox.is_closed() {
            return None;
        }
        Some(match self.liveness.take_beat()? {
            Beat::Ping(nonce) => wire::ping(nonce),
            Beat::Pong(nonce) => wire::pong(nonce),
        })
    }

    /// What this side has to write.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Why this side closes the session, once everything that was to be written before has been taken.
    pub(crate) fn closing(&self) -> Option<&CloseReason> {
        self.outbox.closing()
    }

    /// Whether the session is over at once, without writing what still waits.
    pub(crate) fn is_aborted(&self) -> bool {
        self.outbox.is_aborted()
    }

    /// Ends the session without writing what still waits.
    pub(crate) fn abort(&mut self, reason: CloseReason) {
        self.outbox.abort(reason);
    }

    /// How far writing has come.
    pub(crate) fn progress(&self) -> &Arc<Progress> {
        self.outbox.progress()
    }
}
