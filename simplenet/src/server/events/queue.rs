use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use tokio::sync::Notify;

use super::{ServerEvent, ServerReport};
use crate::{
    backpressure::event_weight,
    channel::ChannelPack,
    event_queue::{EventQueue, Weigh},
    server::sessions::RemoteClient,
};

/// The events of all sessions, in the order in which the application receives them.
///
/// Two rules bound the queue. The server does not read from a session that has used its share. It
/// admits no session while the queue is full.
pub(crate) struct ServerQueue<C: ChannelPack> {
    events: EventQueue<Queued<C>>,
    sessions: AtomicUsize,
    /// Whether no further session can begin.
    closed: AtomicBool,
    room: Notify,
}

/// An event, its session and its weight.
pub(crate) struct Queued<C: ChannelPack> {
    pub(crate) client: Arc<RemoteClient>,
    pub(crate) event: ServerEvent<C>,
    pub(crate) weight: usize,
}

impl<C: ChannelPack> Queued<C> {
    pub(crate) fn new(client: &Arc<RemoteClient>, event: ServerEvent<C>, size: usize) -> Self {
        Self { client: client.clone(), event, weight: event_weight(size) }
    }

    pub(crate) fn report(
        client: &Arc<RemoteClient>,
        report: ServerReport<C::ConnectMsg>,
        size: usize,
    ) -> Self {
        Self::new(client, ServerEvent::Report(report), size)
    }

    /// Returns the weight that counts against the session's share. Reports do not count, because
    /// pausing a session would not delay its reports.
    pub(crate) fn weight_in_share(&self) -> usize {
        if matches!(self.event, ServerEvent::Report(_)) { 0 } else { self.weight }
    }
}

impl<C: ChannelPack> Weigh for Queued<C> {
    fn weight(&self) -> usize {
        self.weight
    }
}

impl<C: ChannelPack> ServerQueue<C> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            events: EventQueue::new(capacity),
            sessions: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            room: Notify::new(),
        }
    }

    /// Waits until a further session may be admitted.
    pub(crate) async fn admission(&self) {
        loop {
            // Create the future before the check. Otherwise, space that is freed between the check
            // and the future would not be noticed.
            let room = self.room.notified();
            if self.events.poll_room().is_ready() {
                return;
            }
            room.await;
        }
    }

    /// Returns the share of one session: the maximum weight of its queued events.
    pub(crate) fn share(&self) -> usize {
        (self.events.capacity() / self.sessions.load(Ordering::Acquire).max(1)).max(1)
    }

    /// Counts a new session, which gets a share of the queue.
    pub(crate) fn count_session(&self) {
        self.sessions.fetch_add(1, Ordering::AcqRel);
    }

    /// Uncounts a session that has ended. The caller must have queued the last event of the
    /// session.
    pub(crate) fn uncount_session(&self) {
        self.sessions.fetch_sub(1, Ordering::AcqRel);
        self.events.wake_consumer();
    }

    pub(crate) fn push(&self, events: &mut VecDeque<Queued<C>>) {
        self.events.push(events);
    }

    /// Moves all waiting events to `drained`, which must be empty.
    pub(crate) fn take(&self, drained: &mut VecDeque<Queued<C>>) {
        self.events.take(drained);
    }

    /// Does the same as [`ServerQueue::take`], but is pending while no event waits. Returns false
    /// once no further event can be queued.
    pub(crate) fn poll_take(
        &self,
        context: &mut Context<'_>,
        drained: &mut VecDeque<Queued<C>>,
    ) -> Poll<bool> {
        self.events.poll_take(context, drained, || {
            self.closed.load(Ordering::Acquire) && self.sessions.load(Ordering::Acquire) == 0
        })
    }

    /// Releases the credit of drained events.
    pub(crate) fn release(&self, weight: usize) {
        if self.events.release(weight) {
            self.room.notify_waiters();
        }
    }

    /// Declares that no further session will begin.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.events.wake_consumer();
    }

    /// Drops the waiting events, and all events that are queued after this call.
    pub(crate) fn discard(&self) {
        if self.events.discard() {
            self.room.notify_waiters();
        }
    }
}
