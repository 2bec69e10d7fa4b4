use std::{
    collections::VecDeque,
    task::{Context, Poll},
};

use super::{ClientEvent, ClientReport};
use crate::{
    backpressure::event_weight,
    channel::ChannelPack,
    client::death::DeathReason,
    event_queue::{EventQueue, Weigh},
    request_id::RequestId,
    session::SendError,
};

/// The events of a client, in the order in which the application receives them. The client does not
/// read from its connection while the queue is full.
pub(crate) struct ClientQueue<C: ChannelPack>(EventQueue<Queued<C>>);

/// An event and its weight.
pub(crate) struct Queued<C: ChannelPack> {
    pub(crate) event: ClientEvent<C>,
    weight: usize,
    /// For a `Connected`, the number of its session. The application can use the session once it
    /// has received the event.
    pub(crate) opens_session: Option<u64>,
}

impl<C: ChannelPack> Queued<C> {
    pub(crate) fn new(event: ClientEvent<C>, size: usize) -> Self {
        Self { event, weight: event_weight(size), opens_session: None }
    }
}

impl<C: ChannelPack> Weigh for Queued<C> {
    fn weight(&self) -> usize {
        self.weight
    }
}

impl<C: ChannelPack> ClientQueue<C> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(EventQueue::new(capacity))
    }

    /// Queues the events behind all others, and leaves `events` empty.
    pub(crate) fn push(&self, events: &mut VecDeque<Queued<C>>) {
        self.0.push(events);
    }

    pub(crate) fn push_event(&self, event: ClientEvent<C>) {
        self.0.push_one(Queued::new(event, 0));
    }

    pub(crate) fn push_connected(&self, session: u64) {
        let mut connected = Queued::new(ClientEvent::Report(ClientReport::Connected), 0);
        connected.opens_session = Some(session);
        self.0.push_one(connected);
    }

    /// Queues a `Retrying`. If an earlier `Retrying` still waits, replaces it.
    pub(crate) fn push_retrying(&self, report: ClientReport) {
        let is_retrying = |queued: &Queued<C>| {
            matches!(queued.event, ClientEvent::Report(ClientReport::Retrying { .. }))
        };
        self.0.push_or_replace(Queued::new(ClientEvent::Report(report), 0), is_retrying);
    }

    /// Queues `IsDead`, the last event of a client.
    pub(crate) fn push_dead(&self, reason: DeathReason) {
        self.0.push_last(Queued::new(ClientEvent::Report(ClientReport::IsDead(reason)), 0));
    }

    /// Queues the end of a request that failed at once, unless the queue is full. Otherwise, an
    /// application that makes requests without receiving events would grow the queue. The request's
    /// status shows the failure in any case.
    pub(crate) fn push_send_failed(&self, id: RequestId, error: SendError) {
        if !self.0.is_full() {
            self.push_event(ClientEvent::SendFailed(id, error));
        }
    }

    /// Drops the waiting events, and all events that are queued after this call.
    pub(crate) fn discard(&self) {
        self.0.discard();
    }

    pub(crate) fn is_discarding(&self) -> bool {
        self.0.is_discarding()
    }

    /// Moves all waiting events to `drained`, which must be empty.
    pub(crate) fn take(&self, drained: &mut VecDeque<Queued<C>>) {
        self.0.take(drained);
    }

    /// Does the same as [`ClientQueue::take`], but is pending while no event waits. Returns false
    /// after the last event.
    pub(crate) fn poll_take(
        &self,
        context: &mut Context<'_>,
        drained: &mut VecDeque<Queued<C>>,
    ) -> Poll<bool> {
        self.0.poll_take(context, drained, || false)
    }

    /// Releases the credit of drained events. Returns whether the driver must be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        self.0.release(weight)
    }

    /// Returns the free space for events. Pending while the queue is full. The caller must have
    /// registered its waker before the call.
    pub(crate) fn poll_room(&self) -> Poll<usize> {
        self.0.poll_room()
    }
}
