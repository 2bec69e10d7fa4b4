use std::{
    collections::VecDeque,
    fmt::{self, Debug, Formatter},
    mem,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytes::Bytes;

use crate::wire::{CloseReason, OutgoingFrame};

/// The queue of a session's unwritten frames, bounded in bytes. The close of the session follows
/// the last frame.
///
/// Frames are packed into WebSocket messages when they are queued, because each message costs both
/// sides more than a frame does. No frame waits for others.
///
/// An empty outbox accepts one frame of any size.
#[derive(Debug)]
pub(crate) struct Outbox {
    messages: VecDeque<OutgoingMessage>,
    capacity: u64,
    pushed: u64,
    pushed_bytes: u64,
    closing: Option<CloseReason>,
    aborted: bool,
    /// True if the driver was woken and has not taken the frames since.
    pending: bool,
    progress: Arc<Progress>,
}

/// A WebSocket message with its frames.
#[derive(Debug)]
pub(crate) struct OutgoingMessage {
    content: Content,
    pub(crate) frames: u64,
    /// The memory in bytes that the message occupies.
    pub(crate) weight: u64,
}

enum Content {
    /// Further frames may be appended.
    Packed(Vec<u8>),
    /// One frame, whose memory is shared.
    Shared(Bytes),
}

/// The size in bytes up to which frames are packed into one message. Longer messages would not go
/// through the small buffers of the transport.
const PACK_BYTES: usize = 8 * 1024;

/// The smallest buffer of a message in bytes. It has space for a few frames, and grows with more.
const MIN_PACK_BYTES: usize = 64;

/// The overhead of a queued message in bytes.
const OVERHEAD: u64 = 64;

impl OutgoingMessage {
    pub(crate) fn into_bytes(self) -> Bytes {
        match self.content {
            Content::Packed(bytes) => bytes.into(),
            Content::Shared(bytes) => bytes,
        }
    }
}

/// Prints the size only, because the content must not reach a log.
impl Debug for Content {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Content {
    fn len(&self) -> usize {
        match self {
            Self::Packed(bytes) => bytes.len(),
            Self::Shared(bytes) => bytes.len(),
        }
    }
}

/// The reason why a frame was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PushError {
    /// The session is closing or over.
    Closed,
    /// The frame would exceed the byte capacity of the outbox.
    Full,
}

impl Outbox {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            messages: VecDeque::new(),
            capacity: capacity as u64,
            pushed: 0,
            pushed_bytes: 0,
            closing: None,
            aborted: false,
            pending: false,
            progress: Arc::default(),
        }
    }

    /// Queues a frame, and returns its number. The frames of a session are numbered from 1.
    pub(crate) fn push(&mut self, frame: &OutgoingFrame) -> Result<u64, PushError> {
        if self.closing.is_some() {
            return Err(PushError::Closed);
        }
        let waiting = self.pushed_bytes - self.progress.handed_bytes();
        // An empty outbox accepts one frame of any size.
        let limit = if waiting == 0 { u64::MAX } else { self.capacity.saturating_sub(waiting) };
        if self.push_within(frame, limit) { Ok(self.pushed) } else { Err(PushError::Full) }
    }

    /// Queues a small control frame, such as a fresh token, even if the outbox is full.
    ///
    /// The session must not be closing.
    pub(crate) fn push_unbounded(&mut self, frame: &OutgoingFrame) {
        self.push_within(frame, u64::MAX);
    }

    /// Queues a frame if it occupies at most `limit` bytes. Returns false if it occupies more.
    #[inline]
    fn push_within(&mut self, frame: &OutgoingFrame, limit: u64) -> bool {
        let packed = frame.packed();
        let size = packed.len() as u64;
        if frame.shared().is_none()
            && let Some(OutgoingMessage { content: Content::Packed(bytes), frames, weight }) =
                self.messages.back_mut()
            && bytes.len() + packed.len() <= PACK_BYTES
        {
            if size > limit {
                return false;
            }
            bytes.extend_from_slice(packed);
            *frames += 1;
            *weight += size;
            self.count(size);
            return true;
        }
        if size + OVERHEAD > limit {
            return false;
        }
        self.push_content(match frame.shared() {
            Some(bytes) => Content::Shared(bytes.clone()),
            None => {
                let mut bytes = Vec::with_capacity(packed.len().max(MIN_PACK_BYTES));
                bytes.extend_from_slice(packed);
                Content::Packed(bytes)
            }
        });
        true
    }

    /// Queues a frame as a message of its own.
    #[cfg(feature = "server")]
    pub(crate) fn push_message(&mut self, bytes: Bytes) {
        self.push_content(Content::Shared(bytes));
    }

    fn push_content(&mut self, content: Content) {
        let weight = content.len() as u64 + OVERHEAD;
        self.count(weight);
        self.messages.push_back(OutgoingMessage { content, frames: 1, weight });
    }

    fn count(&mut self, weight: u64) {
        self.pushed += 1;
        self.pushed_bytes += weight;
    }

    /// Marks that there is work for the driver. Returns true if the caller must wake the driver,
    /// and false if the driver was woken already.
    pub(crate) fn mark_pending(&mut self) -> bool {
        !mem::replace(&mut self.pending, true)
    }

    /// Moves all messages to the end of `out`. After an abort, clears `out` instead.
    pub(crate) fn take(&mut self, out: &mut VecDeque<OutgoingMessage>) {
        self.pending = false;
        if self.aborted {
            out.clear();
        } else if out.is_empty() {
            // The outbox keeps no buffer, because most sessions are idle most of the time.
            *out = mem::take(&mut self.messages);
        } else {
            out.append(&mut self.messages);
        }
    }

    /// Closes the session after the queued frames. If the session is closing already, it keeps the
    /// earlier reason.
    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.closing.get_or_insert(reason);
    }

    /// Closes the session and drops the queued frames.
    ///
    /// If frames are lost, `reason` replaces an earlier reason. With the earlier reason, the close
    /// would claim that all frames before it were written.
    pub(crate) fn abort(&mut self, reason: CloseReason) {
        if !self.aborted && self.pushed > self.progress.flushed() {
            self.closing = None;
        }
        self.messages.clear();
        self.aborted = true;
        self.close(reason);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    pub(crate) fn is_aborted(&self) -> bool {
        self.aborted
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closing.is_some()
    }

    /// Returns the reason of the close, or `None` while frames are queued before the close.
    pub(crate) fn closing(&self) -> Option<&CloseReason> {
        if self.messages.is_empty() { self.closing.as_ref() } else { None }
    }

    pub(crate) fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }
}

/// The number of frames that a session has handed to its transport, and the number of frames that
/// the transport has flushed.
///
/// The counters never decrease, so a message status that is derived from them never moves backward.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    handed: AtomicU64,
    handed_bytes: AtomicU64,
    flushed: AtomicU64,
    ended: AtomicBool,
}

impl Progress {
    /// Records that the frames of a message were handed to the transport.
    pub(crate) fn hand(&self, frames: u64, weight: u64) {
        self.handed_bytes.fetch_add(weight, Ordering::Release);
        self.handed.fetch_add(frames, Ordering::Release);
    }

    /// Records that the transport has flushed all frames that were handed to it.
    pub(crate) fn flush(&self) {
        self.flushed.store(self.handed.load(Ordering::Acquire), Ordering::Release);
    }

    /// Records that no more frames will be handed or flushed.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    #[cfg(feature = "client")]
    pub(crate) fn handed(&self) -> u64 {
        self.handed.load(Ordering::Acquire)
    }

    fn handed_bytes(&self) -> u64 {
        self.handed_bytes.load(Ordering::Acquire)
    }

    pub(crate) fn flushed(&self) -> u64 {
        self.flushed.load(Ordering::Acquire)
    }

    #[cfg(feature = "client")]
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{test, wire};

    #[test]
    fn outbox_without_frames_occupies_no_memory() {
        let mut outbox = Outbox::new(1 << 20);
        let mut taken = VecDeque::new();
        for _ in 0..3 {
            for nonce in 0..3 {
                outbox.push(&wire::ping(nonce)).unwrap();
                outbox.push_message(Bytes::from_static(b"message"));
            }
            outbox.take(&mut taken);
            assert_eq!((taken.len(), outbox.messages.capacity()), (6, 0));
            taken.clear();
        }
    }
}
