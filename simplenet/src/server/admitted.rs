use std::sync::Arc;

use super::{
    DuplicateId, ServerEvent, ServerReport, Shared,
    inbox::Queued,
    intake::{Destination, Intake},
    remote_client::RemoteClient,
};
use crate::{ChannelPack, CloseReason, driver::drive, transport::Transport};

/// A session in the registry whose `Connected` is queued. However it ends, by a panic too, its `Disconnected` follows
/// and its id is free again.
pub(super) struct Admitted<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    client: Arc<RemoteClient>,
    events: Destination<C>,
    /// Why the session is over, once it is.
    ended: Option<CloseReason>,
}

impl<C: ChannelPack> Admitted<C> {
    pub(super) async fn new(
        shared: &Arc<Shared<C>>,
        client: Arc<RemoteClient>,
        message: C::ConnectMsg,
    ) -> Result<Self, CloseReason> {
        match shared.config.duplicate_id {
            DuplicateId::Reject => shared.registry.claim(&client)?,
            DuplicateId::TakeOver => shared.registry.take_over(&client).await?,
        }
        shared.inbox.count_session();
        let connected = ServerReport::Connected(client.peer.clone(), message);
        let admitted =
            Self { shared: shared.clone(), events: Destination::of(shared), client, ended: None };
        admitted.report(connected);
        Ok(admitted)
    }

    /// Runs the session to its end, and with it the service that handles its events, if there is one.
    pub(super) async fn run<T: Transport>(mut self, transport: &mut T) {
        let service = match &self.events {
            Destination::Inbox => None,
            Destination::Service(service, queue) => Some((service.clone(), queue.clone())),
        };
        match service {
            None => self.drive(transport).await,
            Some((service, queue)) => {
                let handlers = service.serve(self.shared.clone(), self.client.clone(), &queue);
                let handlers = self.shared.clone().unless_aborted(handlers);
                tokio::join!(biased; self.drive(transport), handlers);
            }
        }
    }

    async fn drive<T: Transport>(&mut self, transport: &mut T) {
        let mut intake = Intake::new(&self.shared, &self.client, &self.events);
        let reason = drive(&self.client.link, transport, &mut intake).await;
        tracing::debug!(client = %self.client.id, %reason, "a session ended");
        self.end(reason);
    }

    /// From here on nothing is sent to the session.
    fn end(&mut self, reason: CloseReason) {
        self.client.link.end(reason.clone());
        self.report(ServerReport::Disconnected(reason.clone()));
        self.ended = Some(reason);
    }

    fn report(&self, report: ServerReport<C::ConnectMsg>) {
        let event = ServerEvent::Report(report);
        let queued = Queued { client: self.client.clone(), event, weight: 0 };
        self.events.push(&self.shared.inbox, &mut vec![queued]);
    }
}

impl<C: ChannelPack> Drop for Admitted<C> {
    fn drop(&mut self) {
        if self.ended.is_none() {
            self.end(CloseReason::ConnectionLost("the connection's task ended".into()));
        }
        if let Some(reason) = &self.ended {
            self.shared.sessions_ended.note(reason);
        }
        self.shared.inbox.uncount_session();
        self.shared.registry.release(self.client.id);
    }
}
