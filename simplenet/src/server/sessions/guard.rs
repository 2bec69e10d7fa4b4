use std::sync::Arc;

use tokio::sync::oneshot;

use super::{DuplicateId, RemoteClient};
use crate::{
    channel::ChannelPack,
    driver::{Ended, drive, linger},
    server::{
        events::{Batch, Destination, EventDecoder, Queued},
        shared::Shared,
    },
    transport::Transport,
    wire::CloseReason,
};

/// The guard of a registered session whose `Connected` is queued. When the guard is dropped, also
/// by a panic, it queues the session's `Disconnected` and then releases the client's id.
pub(crate) struct SessionGuard<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    client: Arc<RemoteClient>,
    events: Destination<C>,
    has_ended: bool,
}

impl<C: ChannelPack> SessionGuard<C> {
    /// Registers the session under its id, and queues its `Connected`.
    pub(crate) async fn admit(
        shared: &Arc<Shared<C>>,
        client: Arc<RemoteClient>,
        events: Destination<C>,
        (message, size): (C::ConnectMsg, usize),
    ) -> Result<Self, CloseReason> {
        match shared.config.duplicate_id {
            DuplicateId::Reject => shared.registry.claim(&client)?,
            DuplicateId::TakeOver => shared.registry.take_over(&client).await?,
        }
        shared.queue.count_session();
        let connected = Queued::Connected(Box::new((client.peer(), message)));
        let guard = Self { shared: shared.clone(), events, client, has_ended: false };
        guard.queue(Batch::connected(&guard.client, connected, size));
        // Check again. A revocation after the verification could not end this session, because the
        // session did not exist yet.
        shared.end_revoked(&guard.client);
        Ok(guard)
    }

    /// Runs the session and then closes the connection. The handlers of a service run concurrently,
    /// so that a slow handler does not delay the close.
    pub(crate) async fn run<T: Transport>(mut self, mut transport: Box<T>) {
        let service = match &self.events {
            Destination::Queue => None,
            Destination::Service(service, queue) => Some((service.clone(), queue.clone())),
        };
        match service {
            None => {
                self.drive(&mut *transport).await;
                drop(self);
                linger(transport).await;
            }
            Some((service, queue)) => {
                let handlers = service.serve(self.shared.clone(), self.client.clone(), &queue);
                let handlers = self.shared.clone().unless_aborted(handlers);
                let (ended, has_ended) = oneshot::channel();
                let session = async {
                    self.drive(&mut *transport).await;
                    // Cannot fail: the receiver below is dropped only together with this future.
                    let _ = ended.send(self);
                    linger(transport).await;
                };
                let handling = async {
                    handlers.await;
                    // All events are handled. Dropping the guard releases the client's id.
                    drop(has_ended.await);
                };
                tokio::join!(biased; session, handling);
            }
        }
    }

    async fn drive<T: Transport>(&mut self, transport: &mut T) {
        let mut decoder = EventDecoder::new(&self.shared, &self.client, &self.events);
        let ended = drive(&self.client.link, transport, &mut decoder).await;
        tracing::debug!(client = %self.client.id, reason = %ended.reason, "session ended");
        self.end(ended);
    }

    /// Ends the session, and queues its `Disconnected`.
    fn end(&mut self, ended: Ended) {
        self.client.link.end(ended.reason.clone());
        self.shared.sessions_ended.count(&ended);
        let disconnected = Queued::Disconnected(ended.reason);
        self.queue(Batch::disconnected(&self.client, disconnected));
        self.has_ended = true;
    }

    fn queue(&self, batch: Batch<C>) {
        self.events.push(&self.shared.queue, batch);
    }
}

impl<C: ChannelPack> Drop for SessionGuard<C> {
    fn drop(&mut self) {
        if !self.has_ended {
            let reason = CloseReason::ConnectionLost("the task of the connection ended".into());
            self.end(Ended { reason, flushed: false });
        }
        self.shared.registry.release(&self.client);
        self.shared.queue.uncount_session();
    }
}
