use std::{collections::VecDeque, mem, sync::Arc};

use super::{
    inbox::{Inbox, Queued},
    remote_client::RemoteClient,
};
use crate::ChannelPack;

/// Events moved out of the inbox, which are given to the application one by one.
///
/// What they weigh is given back to their sessions and to the inbox in sums: one for a row of events of the same client,
/// and one for all.
pub(super) struct Taken<C: ChannelPack> {
    events: VecDeque<Queued<C>>,
    given: usize,
    row: Option<(Arc<RemoteClient>, usize)>,
    /// Whose `Connected` was given last: the application is done with it when it comes back.
    greeted: Option<Arc<RemoteClient>>,
}

impl<C: ChannelPack> Taken<C> {
    pub(super) fn new() -> Self {
        Self { events: VecDeque::new(), given: 0, row: None, greeted: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<Queued<C>> {
        self.come_back();
        let queued = self.events.pop_front()?;
        self.given += queued.weight;
        Some(queued)
    }

    /// What is still to be given.
    pub(super) fn events(&mut self) -> &mut VecDeque<Queued<C>> {
        &mut self.events
    }

    /// The application has the `Connected` of this client.
    pub(super) fn connected(&mut self, client: Arc<RemoteClient>) {
        client.link.lock().open();
        self.greeted = Some(client);
    }

    fn come_back(&mut self) {
        if let Some(client) = self.greeted.take() {
            client.link.lock().greeted();
        }
    }

    /// The application has an event of this client.
    pub(super) fn given(&mut self, client: Arc<RemoteClient>, weight: usize) {
        match &mut self.row {
            Some((present, sum)) if Arc::ptr_eq(present, &client) => *sum += weight,
            row => {
                if let Some((earlier, sum)) = row.replace((client, weight)) {
                    earlier.release(sum);
                }
            }
        }
    }

    /// Gives back what has been given to the application; where further events are moved to.
    pub(super) fn settle(&mut self, inbox: &Inbox<C>) -> &mut VecDeque<Queued<C>> {
        self.come_back();
        if let Some((client, sum)) = self.row.take() {
            client.release(sum);
        }
        if self.given > 0 {
            inbox.taken(mem::take(&mut self.given));
        }
        &mut self.events
    }
}
