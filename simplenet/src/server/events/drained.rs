use std::{collections::VecDeque, sync::Arc};

use super::{
    ServerEvent,
    queue::{Batch, Queued, ServerQueue},
};
use crate::{
    channel::ChannelPack, event_queue::Drained, id::ClientId, server::sessions::RemoteClient,
};

/// Events that were drained from the server's queue. The application receives them one by one.
///
/// Credit is released in batches, not per event. A client's credit is released after each batch of
/// this client. The queue's credit is released after all drained events.
pub(crate) struct ServerDrained<C: ChannelPack> {
    batches: Drained<Batch<C>>,
    /// The batch of the last event.
    current: Option<Batch<C>>,
    /// The session of the last event, if the event was a `Connected`. When the application requests
    /// the next event, it has handled the `Connected`.
    connected: Option<Arc<RemoteClient>>,
}

impl<C: ChannelPack> ServerDrained<C> {
    pub(crate) fn new() -> Self {
        Self { batches: Drained::default(), current: None, connected: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.current.as_ref().is_none_or(|batch| batch.events.is_empty())
    }

    /// Returns the next event for the application.
    pub(crate) fn next(&mut self) -> Option<(ClientId, ServerEvent<C>)> {
        self.finish_connected();
        let (id, queued) = loop {
            if let Some(batch) = &mut self.current
                && let Some(queued) = batch.events.pop_front()
            {
                break (batch.client.id, queued);
            }
            self.finish_batch();
            self.current = Some(self.batches.next()?);
        };
        if let (Queued::Connected(_), Some(batch)) = (&queued, &self.current) {
            batch.client.link.lock().open();
            self.connected = Some(batch.client.clone());
        }
        Some((id, queued.into()))
    }

    /// Releases the credit of all events that the application has received. Returns the buffer for
    /// further events.
    pub(crate) fn release_credit(&mut self, queue: &ServerQueue<C>) -> &mut VecDeque<Batch<C>> {
        self.finish_connected();
        self.finish_batch();
        queue.release(self.batches.take_credit());
        self.batches.buffer()
    }

    fn finish_connected(&mut self) {
        if let Some(client) = self.connected.take() {
            client.link.lock().connected_handled();
        }
    }

    fn finish_batch(&mut self) {
        if let Some(batch) = self.current.take() {
            batch.client.release(batch.held);
        }
    }
}
