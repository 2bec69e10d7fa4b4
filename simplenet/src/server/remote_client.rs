use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    task::Poll,
};

use bytes::Bytes;

use super::Peer;
use crate::{
    ClientId, SendOutcome,
    driver::Link,
    session::ServerSession,
    wire::{self, EncodeError},
};

/// One session as the server sees it: who, the way to it, and its share of the inbox.
#[derive(Debug)]
pub(crate) struct RemoteClient {
    pub(crate) id: ClientId,
    pub(crate) peer: Peer,
    pub(crate) link: Link<ServerSession>,
    pub(crate) max_msg_size: usize,
    /// What its events in the inbox weigh.
    queued: AtomicUsize,
    held_back: AtomicBool,
}

impl RemoteClient {
    pub(crate) fn new(
        id: ClientId,
        peer: Peer,
        session: ServerSession,
        max_msg_size: usize,
    ) -> Self {
        Self {
            id,
            peer,
            link: Link::new(session),
            max_msg_size,
            queued: AtomicUsize::new(0),
            held_back: AtomicBool::new(false),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.link.lock().is_open()
    }

    pub(crate) fn send(&self, frame: Bytes) -> SendOutcome {
        self.link.call(|session| session.send(frame))
    }

    /// Answers with an encoded response; one that could not be encoded becomes a rejection, so that the request ends.
    pub(crate) fn respond(&self, id: u64, frame: Result<Bytes, EncodeError>) -> SendOutcome {
        match frame {
            Ok(frame) => self.answer(id, frame),
            Err(error) => {
                tracing::error!(client = %self.id, request = id, %error, "a response was not sent");
                match self.answer(id, wire::reject(id)) {
                    SendOutcome::Queued => error.into(),
                    outcome => outcome,
                }
            }
        }
    }

    pub(crate) fn answer(&self, id: u64, frame: Bytes) -> SendOutcome {
        self.link.call(|session| session.answer(id, frame))
    }

    /// Its events weigh so much more.
    pub(crate) fn charge(&self, weight: usize) {
        self.queued.fetch_add(weight, Ordering::AcqRel);
    }

    /// An event was taken; if that makes room, reading goes on.
    pub(crate) fn release(&self, weight: usize) {
        self.queued.fetch_sub(weight, Ordering::SeqCst);
        if self.held_back.load(Ordering::SeqCst) && self.held_back.swap(false, Ordering::SeqCst) {
            self.link.wake();
        }
    }

    /// Pending while its events weigh as much as its share. The driver has registered its waker before it asks.
    pub(crate) fn poll_room(&self, share: usize) -> Poll<()> {
        if self.queued.load(Ordering::Acquire) < share {
            return Poll::Ready(());
        }
        self.held_back.store(true, Ordering::SeqCst);
        // It may have been released between the two.
        if self.queued.load(Ordering::SeqCst) < share { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl From<EncodeError> for SendOutcome {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::TooLarge { .. } => Self::TooLarge,
            _ => Self::Unencodable,
        }
    }
}
