use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytes::Bytes;

use crate::wire::CloseReason;

/// The queue of a session's unwritten frames, bounded in bytes. The close of the session follows
/// the last frame.
///
/// An empty outbox accepts one frame of any size.
#[derive(Debug)]
pub(crate) struct Outbox {
    frames: VecDeque<Bytes>,
    capacity: u64,
    pushed: u64,
    pushed_bytes: u64,
    closing: Option<CloseReason>,
    aborted: bool,
    /// True if the driver was woken and has not taken the frames since.
    pending: bool,
    progress: Arc<Progress>,
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
            frames: VecDeque::new(),
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
    pub(crate) fn push(&mut self, frame: Bytes) -> Result<u64, PushError> {
        if self.closing.is_some() {
            return Err(PushError::Closed);
        }
        let waiting = self.pushed_bytes - self.progress.handed_bytes();
        if waiting > 0 && waiting + weight(&frame) > self.capacity {
            return Err(PushError::Full);
        }
        self.push_unbounded(frame);
        Ok(self.pushed)
    }

    /// Queues a small control frame, such as the welcome or a fresh token, even if the outbox is
    /// full.
    ///
    /// The session must not be closing.
    pub(crate) fn push_unbounded(&mut self, frame: Bytes) {
        self.pushed += 1;
        self.pushed_bytes += weight(&frame);
        self.frames.push_back(frame);
    }

    /// Marks that there is work for the driver. Returns true if the caller must wake the driver,
    /// and false if the driver was woken already.
    pub(crate) fn mark_pending(&mut self) -> bool {
        !mem::replace(&mut self.pending, true)
    }

    /// Moves all frames to the end of `out`. After an abort, clears `out` instead.
    pub(crate) fn take(&mut self, out: &mut VecDeque<Bytes>) {
        self.pending = false;
        if self.aborted {
            out.clear();
        } else if out.is_empty() {
            mem::swap(out, &mut self.frames);
        } else {
            out.append(&mut self.frames);
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
        self.frames.clear();
        self.aborted = true;
        self.close(reason);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(crate) fn is_aborted(&self) -> bool {
        self.aborted
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closing.is_some()
    }

    /// Returns the reason of the close, or `None` while frames are queued before the close.
    pub(crate) fn closing(&self) -> Option<&CloseReason> {
        if self.frames.is_empty() { self.closing.as_ref() } else { None }
    }

    pub(crate) fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }
}

/// Returns the memory in bytes that a queued frame occupies, including the overhead of its queue
/// entry.
pub(crate) fn weight(frame: &Bytes) -> u64 {
    frame.len() as u64 + 64
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
    /// Records that one more frame was handed to the transport.
    pub(crate) fn hand(&self, weight: u64) {
        self.handed_bytes.fetch_add(weight, Ordering::Release);
        self.handed.fetch_add(1, Ordering::Release);
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
