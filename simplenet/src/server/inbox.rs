use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use super::{ServerEvent, ServerReport, remote_client::RemoteClient};
use crate::{ChannelPack, gate::event_weight, sync::lock};

/// The events of all sessions, in the order they are to be taken.
///
/// Bounded twice: a session that holds its share is not read from, and no session is admitted while the inbox is full.
pub(crate) struct Inbox<C: ChannelPack> {
    queue: Mutex<Queue<C>>,
    taker: AtomicWaker,
    capacity: usize,
    /// What the events weigh that were pushed and not taken.
    waiting: AtomicUsize,
    sessions: AtomicUsize,
    room: Notify,
}

struct Queue<C: ChannelPack> {
    events: VecDeque<Queued<C>>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// No session comes any more.
    Closed,
    /// And nobody takes events any more.
    Abandoned,
}

/// An event, whose it is, and what it weighs.
pub(crate) struct Queued<C: ChannelPack> {
    pub(crate) client: Arc<RemoteClient>,
    pub(crate) event: ServerEvent<C>,
    pub(crate) weight: usize,
}

impl<C: ChannelPack> Queued<C> {
    pub(crate) fn new(client: &Arc<RemoteClient>, event: ServerEvent<C>, size: usize) -> Self {
        Self { client: client.clone(), event, weight: event_weight(size) }
    }

    /// What it weighs in its session's share: nothing if it is a report, for which a session cannot be made to wait.
    pub(crate) fn weight_in_share(&self) -> usize {
        if matches!(self.event, ServerEvent::Report(_)) { 0 } else { self.weight }
    }

    /// Whether it is the last event of its session.
    pub(crate) fn is_last(&self) -> bool {
        matches!(self.event, ServerEvent::Report(ServerReport::Disconnected(_)))
    }
}

impl<C: ChannelPack> Inbox<C> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            queue: Mutex::new(Queue { events: VecDeque::new(), state: State::Open }),
            taker: AtomicWaker::new(),
            capacity: capacity.max(1),
            waiting: AtomicUsize::new(0),
            sessions: AtomicUsize::new(0),
            room: Notify::new(),
        }
    }

    /// Waits until a further session may be admitted.
    pub(crate) async fn admission(&self) {
        loop {
            // Made first: room that comes after the look is noticed.
            let room = self.room.notified();
            if self.waiting.load(Ordering::SeqCst) < self.capacity {
                return;
            }
            room.await;
        }
    }

    /// What the events of one session may weigh.
    pub(crate) fn share(&self) -> usize {
        (self.capacity / self.sessions.load(Ordering::Acquire).max(1)).max(1)
    }

    /// A session begins: it shares the inbox with the others.
    pub(crate) fn count_session(&self) {
        self.sessions.fetch_add(1, Ordering::AcqRel);
    }

    /// A session has ended, and its last event is in.
    pub(crate) fn uncount_session(&self) {
        self.sessions.fetch_sub(1, Ordering::AcqRel);
        self.taker.wake();
    }

    /// Queues the events behind all others.
    pub(crate) fn push(&self, events: &mut VecDeque<Queued<C>>) {
        if events.is_empty() {
            return;
        }
        let weight = events.iter().map(|queued| queued.weight).sum();
        let mut queue = lock(&self.queue);
        if queue.state == State::Abandoned {
            drop(queue);
            events.clear();
            return;
        }
        self.waiting.fetch_add(weight, Ordering::SeqCst);
        queue.events.append(events);
        drop(queue);
        self.taker.wake();
    }

    /// Moves all events to `taken`, which is empty.
    pub(crate) fn take(&self, taken: &mut VecDeque<Queued<C>>) {
        mem::swap(&mut lock(&self.queue).events, taken);
    }

    /// Like [`Inbox::take`], pending while there is none. False once no more can come.
    pub(crate) fn poll_take(
        &self,
        context: &mut Context<'_>,
        taken: &mut VecDeque<Queued<C>>,
    ) -> Poll<bool> {
        self.take(taken);
        if taken.is_empty() {
            self.taker.register(context.waker());
            // Before the second look: the last event of a session comes before it is counted out.
            let sessions = self.sessions.load(Ordering::Acquire);
            let mut queue = lock(&self.queue);
            mem::swap(&mut queue.events, taken);
            if taken.is_empty() {
                let over = queue.state != State::Open && sessions == 0;
                return if over { Poll::Ready(false) } else { Poll::Pending };
            }
        }
        Poll::Ready(true)
    }

    /// Events that weigh so much have left the queue.
    pub(crate) fn taken(&self, weight: usize) {
        let before = self.waiting.fetch_sub(weight, Ordering::SeqCst);
        if before >= self.capacity && before - weight < self.capacity {
            self.room.notify_waiters();
        }
    }

    /// No new sessions will come.
    pub(crate) fn close(&self) {
        let mut queue = lock(&self.queue);
        if queue.state == State::Open {
            queue.state = State::Closed;
        }
        drop(queue);
        self.taker.wake();
    }

    /// Nobody takes events any more: those that wait are dropped, and later ones too.
    pub(crate) fn abandon(&self) {
        let mut queue = lock(&self.queue);
        queue.state = State::Abandoned;
        let events = mem::take(&mut queue.events);
        drop(queue);
        drop(events);
    }
}
