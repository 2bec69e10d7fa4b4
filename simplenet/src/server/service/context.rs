use std::{fmt, sync::Arc};

use crate::{
    ChannelPack, ClientId, CloseReason, Peer, SendOutcome, ServerHandle, ServerMessage,
    server::{Shared, remote_client::RemoteClient},
};

/// Whom a service's handler works for, and its way back: one session of one client.
pub struct ServiceContext<C: ChannelPack> {
    server: ServerHandle<C>,
    client: Arc<RemoteClient>,
}

impl<C: ChannelPack> ServiceContext<C> {
    pub(super) fn new(shared: Arc<Shared<C>>, client: Arc<RemoteClient>) -> Self {
        Self { server: ServerHandle::new(shared), client }
    }

    /// The client's id.
    pub fn client_id(&self) -> ClientId {
        self.client.id
    }

    /// What is known of the client.
    pub fn peer(&self) -> Peer {
        self.client.peer()
    }

    /// Sends a one-shot message to this client, in this session: never to a later one under the same id. In the
    /// `connected` hook too, where the client sees it right after its own `Connected`.
    pub fn send(&self, message: impl ServerMessage<C>) -> SendOutcome {
        self.server.shared().send_to(&self.client, message)
    }

    /// Ends this session once everything sent to it before is written.
    pub fn disconnect(&self, reason: CloseReason) {
        self.client.link.call(|session| session.close(reason));
    }

    /// The server, to reach other clients.
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
