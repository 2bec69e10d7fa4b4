use std::{collections::VecDeque, sync::Arc};

use tokio::sync::oneshot;

use super::{
    DuplicateId, ServerEvent, ServerReport, Shared,
    inbox::Queued,
    intake::{Destination, Intake},
    remote_client::RemoteClient,
};
use crate::{
    ChannelPack, CloseReason,
    driver::{Ended, drive, linger},
    transport::Transport,
};

/// A session in the registry whose `Connected` is queued. However it ends, by a panic too, its `Disconnected` follows
/// and its id is free again.
pub(super) struct Admitted<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    client: Arc<RemoteClient>,
    events: Destination<C>,
    has_ended: bool,
}

impl<C: ChannelPack> Admitted<C> {
    pub(super) async fn new(
        shared: &Arc<Shared<C>>,
        client: Arc<RemoteClient>,
        (message, size): (C::ConnectMsg, usize),
    ) -> Result<Self, CloseReason> {
        // Before the id is taken: a service that begins knows that whoever has one sends its events to the inbox.
        let events = Destination::of(shared);
        match shared.config.duplicate_id {
            DuplicateId::Reject => shared.registry.claim(&client)?,
            DuplicateId::TakeOver => shared.registry.take_over(&client).await?,
        }
        shared.inbox.count_session();
        let connected = ServerReport::Connected(client.peer(), message);
        let admitted = Self { shared: shared.clone(), events, client, has_ended: false };
        admitted.report(connected, size);
        // What was revoked since it was judged could not end a session that was not there.
        shared.end_revoked(&admitted.client);
        Ok(admitted)
    }

    /// A session that is over, but whose events are still to be handled. `None` if another has its id.
    pub(super) fn again(shared: &Arc<Shared<C>>, client: &Arc<RemoteClient>) -> Option<Self> {
        shared.registry.reclaim(client).then(|| {
            shared.inbox.count_session();
            let (shared, client) = (shared.clone(), client.clone());
            Self { shared, client, events: Destination::Inbox, has_ended: true }
        })
    }

    /// Runs the session to its end and the connection to its own, and beside them the service that handles the events, if
    /// there is one: however long it takes, the client gets its close.
    pub(super) async fn run<T: Transport>(mut self, mut transport: Box<T>) {
        let service = match &self.events {
            Destination::Inbox => None,
            Destination::Service(service, queue) => Some((service.clone(), queue.clone())),
        };
        match service {
            None => {
                self.drive(&mut *transport).await;
                self.handled().await;
                drop(self);
                linger(transport).await;
            }
            Some((service, queue)) => {
                let handlers = service.serve(self.shared.clone(), self.client.clone(), &queue);
                let handlers = self.shared.clone().unless_aborted(handlers);
                let (ended, has_ended) = oneshot::channel();
                let session = async {
                    self.drive(&mut *transport).await;
                    // Nobody else holds the other end.
                    let _ = ended.send(self);
                    linger(transport).await;
                };
                let handling = async {
                    handlers.await;
                    drop(has_ended.await);
                };
                tokio::join!(biased; session, handling);
            }
        }
    }

    /// Waits until a service that has begun since has handled everything; without one the id is free at once.
    pub(super) async fn handled(&self) {
        if !self.shared.release_unless_served(&self.client) {
            let handled = async {
                self.client.handled.wait().await;
            };
            self.shared.clone().unless_aborted(handled).await;
        }
    }

    async fn drive<T: Transport>(&mut self, transport: &mut T) {
        let mut intake = Intake::new(&self.shared, &self.client, &self.events);
        let ended = drive(&self.client.link, transport, &mut intake).await;
        tracing::debug!(client = %self.client.id, reason = %ended.reason, "a session ended");
        self.end(ended);
    }

    /// From here on nothing is sent to the session.
    fn end(&mut self, ended: Ended) {
        self.client.link.end(ended.reason.clone());
        self.shared.sessions_ended.note(&ended);
        self.report(ServerReport::Disconnected(ended.reason), 0);
        self.has_ended = true;
    }

    fn report(&self, report: ServerReport<C::ConnectMsg>, size: usize) {
        let queued = Queued::new(&self.client, ServerEvent::Report(report), size);
        self.events.push(&self.shared.inbox, &mut VecDeque::from([queued]));
    }
}

impl<C: ChannelPack> Drop for Admitted<C> {
    fn drop(&mut self) {
        if !self.has_ended {
            let reason = CloseReason::ConnectionLost("the connection's task ended".into());
            self.end(Ended { reason, flushed: false });
        }
        self.shared.registry.release(&self.client);
        self.shared.inbox.uncount_session();
    }
}
