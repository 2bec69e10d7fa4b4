use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    Peer, ServerEvent, ServerReport,
    inbox::Inboxes,
    turns::{Owned, Turns},
};
use crate::{
    backpressure::event_weight,
    channel::ChannelPack,
    event_queue::{EventQueue, Weigh},
    id::ClientId,
    server::sessions::RemoteClient,
    time,
    wire::CloseReason,
};

/// The time after which waiting events are unusual.
const UNRECEIVED_AFTER: Duration = Duration::from_secs(5);

/// The events of all sessions, in the order in which the application receives them.
///
/// Clients take turns, see [`Turns`]. Two rules bound the queue. [`Inboxes`] bounds the messages and
/// requests, and delays the sessions that have too many of them. The server admits no session while
/// the weight of the waiting reports has reached the capacity. So a flood of messages delays no new
/// session.
pub(crate) struct ServerQueue<C: ChannelPack> {
    batches: EventQueue<Batch<C>, Turns<Batch<C>>>,
    pub(crate) inboxes: Arc<Inboxes>,
    sessions: AtomicUsize,
    /// Whether no further session can begin.
    closed: AtomicBool,
    room: Notify,
}

/// Events of one session that are queued together.
pub(crate) struct Batch<C: ChannelPack> {
    pub(crate) client: Arc<RemoteClient>,
    pub(crate) events: VecDeque<Queued<C>>,
    /// The weight that counts in the session's inbox. Reports do not count, because pausing a
    /// session would not delay its reports.
    pub(crate) held: usize,
    /// The weight that delays the admission of sessions.
    weight: usize,
}

/// An event in the queue. It is smaller than a [`ServerEvent`], because events are moved several
/// times, and the largest of them are rare.
pub(crate) enum Queued<C: ChannelPack> {
    Connected(Box<(Peer, C::ConnectMsg)>),
    Disconnected(CloseReason),
    Msg(C::ClientMsg),
    Request(C::IncomingRequest),
}

impl<C: ChannelPack> Batch<C> {
    /// Creates a batch of messages and requests. `held` is the sum of their weights.
    pub(crate) fn new(
        client: &Arc<RemoteClient>,
        events: VecDeque<Queued<C>>,
        held: usize,
    ) -> Self {
        Self { client: client.clone(), events, held, weight: 0 }
    }

    /// Creates a batch of the session's first report. `size` is the size of its connect message.
    pub(crate) fn connected(client: &Arc<RemoteClient>, report: Queued<C>, size: usize) -> Self {
        Self::report(client, report, event_weight(size))
    }

    /// Creates a batch of the session's last report. A session that has ended no longer counts
    /// against `max_connections`. So what it leaves beyond the capacity counts against the
    /// admission of further sessions.
    pub(crate) fn disconnected(client: &Arc<RemoteClient>, report: Queued<C>) -> Self {
        Self::report(client, report, event_weight(0).saturating_add(client.inbox.excess()))
    }

    fn report(client: &Arc<RemoteClient>, report: Queued<C>, weight: usize) -> Self {
        Self { client: client.clone(), events: [report].into(), held: 0, weight }
    }
}

impl<C: ChannelPack> Owned for Batch<C> {
    fn owner(&self) -> ClientId {
        self.client.id
    }

    fn cost(&self) -> usize {
        self.held.max(1)
    }
}

impl<C: ChannelPack> Weigh for Batch<C> {
    fn weight(&self) -> usize {
        self.weight
    }
}

impl<C: ChannelPack> From<Queued<C>> for ServerEvent<C> {
    fn from(queued: Queued<C>) -> Self {
        match queued {
            Queued::Connected(connected) => {
                let (peer, message) = *connected;
                Self::Report(ServerReport::Connected(peer, message))
            }
            Queued::Disconnected(reason) => Self::Report(ServerReport::Disconnected(reason)),
            Queued::Msg(message) => Self::Msg(message),
            Queued::Request(request) => Self::Request(request),
        }
    }
}

impl<C: ChannelPack> ServerQueue<C> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            batches: EventQueue::new(capacity),
            inboxes: Arc::new(Inboxes::new(capacity)),
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
            if self.batches.poll_room().is_ready() {
                return;
            }
            room.await;
        }
    }

    /// Counts a new session.
    pub(crate) fn count_session(&self) {
        self.sessions.fetch_add(1, Ordering::AcqRel);
    }

    /// Uncounts a session that has ended. The caller must have queued the last event of the
    /// session.
    pub(crate) fn uncount_session(&self) {
        self.sessions.fetch_sub(1, Ordering::AcqRel);
        self.batches.wake_consumer();
    }

    pub(crate) fn push(&self, batch: Batch<C>) {
        self.batches.push_one(batch);
    }

    /// Moves the events of the next round to `drained`, which must be empty.
    pub(crate) fn take(&self, drained: &mut VecDeque<Batch<C>>) {
        self.batches.take(drained);
    }

    /// Does the same as [`ServerQueue::take`], but is pending while no event waits. Returns false
    /// once no further event can be queued.
    pub(crate) fn poll_take(
        &self,
        context: &mut Context<'_>,
        drained: &mut VecDeque<Batch<C>>,
    ) -> Poll<bool> {
        self.batches.poll_take(context, drained, || {
            self.closed.load(Ordering::Acquire) && self.sessions.load(Ordering::Acquire) == 0
        })
    }

    /// Logs a warning, once, if events wait and the application does not receive them.
    pub(crate) async fn warn_if_unreceived(&self) {
        let mut earlier = None;
        loop {
            time::sleep(UNRECEIVED_AFTER).await;
            let waiting = self.batches.takes_before_waiting_events();
            if waiting.is_some() && waiting == earlier {
                tracing::warn!(
                    "events of clients have waited for {UNRECEIVED_AFTER:?}: \
                     call `recv` or `next` in a loop that does not block"
                );
                return;
            }
            earlier = waiting;
        }
    }

    /// Releases the credit of drained events.
    pub(crate) fn release(&self, weight: usize) {
        if self.batches.release(weight) {
            self.room.notify_waiters();
        }
    }

    /// Declares that no further session will begin.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.batches.wake_consumer();
    }

    /// Drops the waiting events, and all events that are queued after this call.
    pub(crate) fn discard(&self) {
        if self.batches.discard() {
            self.room.notify_waiters();
        }
    }
}
