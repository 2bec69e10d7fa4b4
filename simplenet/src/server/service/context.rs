use std::{fmt, sync::Arc};

use crate::{
    channel::{ChannelPack, ServerMessage},
    id::ClientId,
    outcome::SendOutcome,
    server::{events::Peer, handle::ServerHandle, sessions::RemoteClient, shared::Shared},
    wire::CloseReason,
};

/// The session to which an event belongs. Each handler of a service receives it with the event.
pub struct ServiceContext<C: ChannelPack> {
    server: ServerHandle<C>,
    client: Arc<RemoteClient>,
}

impl<C: ChannelPack> ServiceContext<C> {
    pub(super) fn new(shared: Arc<Shared<C>>, client: Arc<RemoteClient>) -> Self {
        Self { server: ServerHandle::new(shared), client }
    }

    /// Returns the id of the client.
    pub fn client_id(&self) -> ClientId {
        self.client.id
    }

    /// Returns the properties of the client.
    pub fn peer(&self) -> Peer {
        self.client.peer()
    }

    /// Sends a one-shot message to this session, never to a later session of the same client.
    ///
    /// The `connected` hook can send messages, too. The client receives them right after its own
    /// `Connected`.
    pub fn send(&self, message: impl ServerMessage<C>) -> SendOutcome {
        self.server.shared().encode_for(self.client.id, message, |frame| {
            self.client.link.call(|session| session.push(frame))
        })
    }

    /// Ends this session once everything that was sent to it is written.
    pub fn disconnect(&self, reason: CloseReason) {
        self.client.link.call(|session| session.close(reason));
    }

    /// Returns a handle of the server, for example to send to other clients.
    pub fn server(&self) -> &ServerHandle<C> {
        &self.server
    }

    pub(super) fn client(&self) -> &Arc<RemoteClient> {
        &self.client
    }
}

impl<C: ChannelPack> Clone for ServiceContext<C> {
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), client: self.client.clone() }
    }
}

impl<C: ChannelPack> fmt::Debug for ServiceContext<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceContext({:?})", self.client.id)
    }
}
