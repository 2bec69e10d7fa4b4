use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::{AnyService, SessionQueue};
use crate::{
    ChannelPack, ClientId,
    server::{Shared, inbox::Queued, remote_client::RemoteClient},
};

/// The sessions that were there before the service, whose events come from the inbox.
pub(crate) struct EarlierSessions<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    service: Arc<dyn AnyService<C>>,
    /// The last one of each id.
    sessions: BTreeMap<ClientId, EarlierSession<C>>,
}

struct EarlierSession<C: ChannelPack> {
    client: Arc<RemoteClient>,
    events: Arc<SessionQueue<C>>,
}

impl<C: ChannelPack> EarlierSessions<C> {
    pub(crate) fn new(shared: Arc<Shared<C>>, service: Arc<dyn AnyService<C>>) -> Self {
        Self { shared, service, sessions: BTreeMap::new() }
    }

    /// Hands an event to the task of its session, which begins with its first one.
    pub(crate) fn push(&mut self, queued: Queued<C>) {
        let client = queued.client.clone();
        let is_last = queued.is_last();
        let session = match self.sessions.remove(&client.id) {
            Some(session) if Arc::ptr_eq(&session.client, &client) => session,
            previous => self.begin(client, previous),
        };
        session.events.push(&mut VecDeque::from([queued]));
        // While it has its id, no other session of the id can be queued behind it.
        if !is_last || !self.shared.registry.holds(&session.client) {
            self.sessions.insert(session.client.id, session);
        }
    }

    fn begin(
        &self,
        client: Arc<RemoteClient>,
        previous: Option<EarlierSession<C>>,
    ) -> EarlierSession<C> {
        let session = EarlierSession { client, events: Arc::new(SessionQueue::new()) };
        let shared = self.shared.clone();
        let service = self.service.clone();
        let handled = Handled(session.client.clone());
        let events = session.events.clone();
        self.shared.runtime.spawn(async move {
            let handlers = async {
                if let Some(previous) = previous {
                    previous.client.handled.wait().await;
                }
                service.serve(shared.clone(), handled.0.clone(), &events).await;
            };
            shared.clone().unless_aborted(handlers).await;
            drop(handled);
        });
        session
    }
}

/// A session that is being handled; however that ends, it is over then.
struct Handled(Arc<RemoteClient>);

impl Drop for Handled {
    fn drop(&mut self) {
        // Nobody else sets it.
        let _ = self.0.handled.set(());
    }
}
