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

/// What one session still has to write: frames in the order of the calls, bounded in bytes, then perhaps a close.
///
/// One frame always finds room, however large it is.
#[derive(Debug)]
pub(crate) struct Outbox {
    frames: VecDeque<Bytes>,
    capacity: u64,
    pushed: u64,
    pushed_bytes: u64,
    closing: Option<CloseReason>,
    aborted: bool,
    /// The driver has been called and has not looked since.
    called: bool,
    progress: Arc<Progress>,
}

/// Why a frame was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PushError {
    /// The session is closing or over.
    Closed,
    /// The frame would exceed the byte capacity.
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
            called: false,
            progress: Arc::default(),
        }
    }

    /// Takes a frame in; its number counts the frames of this session from 1.
    pub(crate) fn push(&mut self, frame: Bytes) -> Result<u64, PushError> {
        if self.closing.is_some() {
            return Err(PushError::Closed);
        }
        let waiting = self.pushed_bytes - self.progress.handed_bytes();
        if waiting > 0 && waiting + weight(&frame) > self.capacity {
            return Err(PushError::Full);
        }
        self.push_first(frame);
        Ok(self.pushed)
    }

    /// Takes a small frame in however many bytes wait: one that begins the session, prolongs it, or says that it ends. Not
    /// for a session that closes.
    pub(crate) fn push_first(&mut self, frame: Bytes) {
        self.pushed += 1;
        self.pushed_bytes += weight(&frame);
        self.frames.push_back(frame);
    }

    /// There is something for the driver to look at; true if it is to be woken for that, false if it will look anyway.
    pub(crate) fn call_driver(&mut self) -> bool {
        !mem::replace(&mut self.called, true)
    }

    /// Moves all frames to the end of `out`; after an abort, `out` is given up too.
    pub(crate) fn take(&mut self, out: &mut VecDeque<Bytes>) {
        self.called = false;
        if self.aborted {
            out.clear();
        } else if out.is_empty() {
            mem::swap(out, &mut self.frames);
        } else {
            out.append(&mut self.frames);
        }
    }

    /// Takes no more frames; what is in goes out first. The first reason stands.
    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.closing.get_or_insert(reason);
    }

    /// Like [`Outbox::close`], but what is in is given up. An earlier reason is not told then: its close would seem to
    /// come behind what is lost.
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

    /// Why the session closes, once nothing waits in front of the close.
    pub(crate) fn closing(&self) -> Option<&CloseReason> {
        if self.frames.is_empty() { self.closing.as_ref() } else { None }
    }

    pub(crate) fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }
}

/// What a frame costs while it waits: its bytes, and what keeping them takes.
pub(crate) fn weight(frame: &Bytes) -> u64 {
    frame.len() as u64 + 64
}

/// How far the writing of a session's frames has come. Counters only grow, so a status derived from them only moves
/// forward.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    handed: AtomicU64,
    handed_bytes: AtomicU64,
    flushed: AtomicU64,
    ended: AtomicBool,
}

impl Progress {
    /// The transport has taken one more frame.
    pub(crate) fn hand(&self, weight: u64) {
        self.handed_bytes.fetch_add(weight, Ordering::Release);
        self.handed.fetch_add(1, Ordering::Release);
    }

    /// The transport has flushed everything it had taken.
    pub(crate) fn flush(&self) {
        self.flushed.store(self.handed.load(Ordering::Acquire), Ordering::Release);
    }

    /// Nothing more will be handed or flushed.
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
