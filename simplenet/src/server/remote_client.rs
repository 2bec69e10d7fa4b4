use std::sync::Mutex;

use bytes::Bytes;
use tokio::sync::SetOnce;

use super::{Peer, fresh_tokens::FreshTokens};
use crate::{
    AuthIdentity, ClientId, SendOutcome,
    driver::Link,
    gate::Gate,
    session::ServerSession,
    sync::lock,
    time::Instant,
    wire::{self, EncodeError},
};

/// One session as the server sees it: who, the way to it, and its share of the inbox.
#[derive(Debug)]
pub(crate) struct RemoteClient {
    pub(crate) id: ClientId,
    peer: Mutex<Peer>,
    pub(crate) fresh_tokens: FreshTokens,
    pub(crate) link: Link<ServerSession>,
    pub(crate) max_msg_size: usize,
    /// What its events in the inbox weigh.
    pub(crate) queued: Gate,
    /// Set when a service that began after it has handled the last of its events.
    pub(crate) handled: SetOnce<()>,
}

impl RemoteClient {
    pub(crate) fn new(peer: Peer, session: ServerSession, max_msg_size: usize) -> Self {
        Self {
            id: peer.identity.client_id,
            peer: Mutex::new(peer),
            fresh_tokens: FreshTokens::default(),
            link: Link::new(session),
            max_msg_size,
            queued: Gate::default(),
            handled: SetOnce::new(),
        }
    }

    pub(crate) fn peer(&self) -> Peer {
        lock(&self.peer).clone()
    }

    /// The session goes on with what a fresh token says.
    pub(crate) fn renew(&self, identity: AuthIdentity, expires_at: Option<Instant>) {
        lock(&self.peer).identity = identity;
        self.link.call(|session| session.expire_at(expires_at));
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

    /// Some of its events were taken; if that makes room, reading goes on.
    pub(crate) fn release(&self, weight: usize) {
        if weight > 0 && self.queued.release(weight) {
            self.link.wake();
        }
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
