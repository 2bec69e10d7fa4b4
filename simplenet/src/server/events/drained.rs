use std::{collections::VecDeque, sync::Arc};

use super::{
    ServerEvent, ServerReport,
    queue::{Queued, ServerQueue},
};
use crate::{
    channel::ChannelPack, event_queue::Drained, id::ClientId, server::sessions::RemoteClient,
};

/// Events that were drained from the server's queue. The application receives them one by one.
///
/// Credit is released in batches, not per event. A client's credit is released after each run of
/// consecutive events of this client. The queue's credit is released after all drained events.
pub(crate) struct ServerDrained<C: ChannelPack> {
    events: Drained<Queued<C>>,
    run: Option<(Arc<RemoteClient>, usize)>,
    /// The session of the last event, if the event was a `Connected`. When the application requests
    /// the next event, it has handled the `Connected`.
    connected: Option<Arc<RemoteClient>>,
}

impl<C: ChannelPack> ServerDrained<C> {
    pub(crate) fn new() -> Self {
        Self { events: Drained::default(), run: None, connected: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Returns the next event for the application.
    pub(crate) fn next(&mut self) -> Option<(ClientId, ServerEvent<C>)> {
        self.finish_connected();
        let queued = self.events.next()?;
        let weight = queued.weight_in_share();
        let Queued { client, event, .. } = queued;
        let id = client.id;
        if let ServerEvent::Report(ServerReport::Connected(..)) = &event {
            client.link.lock().open();
            self.connected = Some(client.clone());
        }
        self.add_to_run(client, weight);
        Some((id, event))
    }

    /// Releases the credit of all events that the application has received. Returns the buffer for
    /// further events.
    pub(crate) fn release_credit(&mut self, queue: &ServerQueue<C>) -> &mut VecDeque<Queued<C>> {
        self.finish_connected();
        if let Some((client, weight)) = self.run.take() {
            client.release(weight);
        }
        queue.release(self.events.take_credit());
        self.events.buffer()
    }

    fn finish_connected(&mut self) {
        if let Some(client) = self.connected.take() {
            client.link.lock().connected_handled();
        }
    }

    fn add_to_run(&mut self, client: Arc<RemoteClient>, weight: usize) {
        match &mut self.run {
            Some((present, sum)) if Arc::ptr_eq(present, &client) => *sum += weight,
            run => {
                if let Some((earlier, sum)) = run.replace((client, weight)) {
                    earlier.release(sum);
                }
            }
        }
    }
}
