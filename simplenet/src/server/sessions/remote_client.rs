use std::sync::Mutex;

use super::fresh_tokens::FreshTokens;
use crate::{
    auth::AuthIdentity,
    channel::RequestSession,
    driver::Link,
    id::ClientId,
    outcome::SendOutcome,
    server::events::{Inbox, Peer},
    session::ServerSession,
    sync::lock,
    time::{self, Instant},
    wire::{self, OutgoingFrame},
};

/// One session of the server: its client, the link to its driver, and its inbox.
#[derive(Debug)]
pub(crate) struct RemoteClient {
    pub(crate) id: ClientId,
    peer: Mutex<Peer>,
    pub(crate) fresh_tokens: FreshTokens,
    pub(crate) link: Link<ServerSession>,
    max_msg_size: usize,
    pub(crate) inbox: Inbox,
}

impl RemoteClient {
    pub(crate) fn new(
        peer: Peer,
        session: ServerSession,
        inbox: Inbox,
        max_msg_size: usize,
    ) -> Self {
        Self {
            id: peer.identity.client_id,
            peer: Mutex::new(peer),
            fresh_tokens: FreshTokens::default(),
            link: Link::new(session),
            max_msg_size,
            inbox,
        }
    }

    pub(crate) fn peer(&self) -> Peer {
        lock(&self.peer).clone()
    }

    /// Stores the identity of a fresh token, and moves the session's expiry.
    pub(crate) fn renew(&self, identity: AuthIdentity, expires_at: Option<Instant>) {
        lock(&self.peer).identity = identity;
        self.link.call(|session| session.expire_at(expires_at, time::now()));
    }

    pub(crate) fn is_open(&self) -> bool {
        self.link.lock().is_open()
    }

    pub(crate) fn send(&self, frame: &OutgoingFrame) -> SendOutcome {
        self.link.call(|session| session.send(frame))
    }

    /// Releases the credit of drained events. Wakes the driver if it had paused reading and can
    /// continue.
    pub(crate) fn release(&self, weight: usize) {
        if weight > 0 && self.inbox.release(weight) {
            self.link.wake();
        }
    }
}

impl RequestSession for RemoteClient {
    fn client_id(&self) -> ClientId {
        self.id
    }

    fn max_msg_size(&self) -> usize {
        self.max_msg_size
    }

    fn is_in_flight(&self, request: u64) -> bool {
        self.link.lock().is_in_flight(request)
    }

    fn answer(&self, request: u64, frame: &OutgoingFrame) -> SendOutcome {
        self.link.call(|session| session.answer(request, frame))
    }

    fn reject(&self, request: u64) -> SendOutcome {
        self.answer(request, &wire::reject(request))
    }
}
