use std::{
    collections::VecDeque,
    mem,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;

use super::{ClientEvent, ClientReport};
use crate::{ChannelPack, RequestId, sync::lock};

/// The events of a client, in the order they are to be taken.
///
/// Bounded: the client does not read while it is full.
pub(crate) struct EventQueue<C: ChannelPack> {
    queue: Mutex<Queue<C>>,
    taker: AtomicWaker,
    capacity: usize,
    /// What the events weigh that were pushed and not taken.
    waiting: AtomicUsize,
    held_back: AtomicBool,
}

struct Queue<C: ChannelPack> {
    events: VecDeque<Queued<C>>,
    /// `IsDead` is in.
    finished: bool,
    /// Nobody takes events.
    ignored: bool,
}

/// An event and what it weighs.
pub(crate) struct Queued<C: ChannelPack> {
    pub(crate) event: ClientEvent<C>,
    pub(crate) weight: usize,
    /// The session that a `Connected` begins.
    pub(crate) begins: Option<u64>,
}

impl<C: ChannelPack> Queued<C> {
    pub(super) fn new(event: ClientEvent<C>, size: usize) -> Self {
        Self { event, weight: 1 + size / 1024, begins: None }
    }
}

impl<C: ChannelPack> EventQueue<C> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            queue: Mutex::new(Queue { events: VecDeque::new(), finished: false, ignored: false }),
            taker: AtomicWaker::new(),
            capacity: capacity.max(1),
            waiting: AtomicUsize::new(0),
            held_back: AtomicBool::new(false),
        }
    }

    /// Queues the events behind all others.
    pub(super) fn push(&self, events: &mut Vec<Queued<C>>) {
        if events.is_empty() {
            return;
        }
        let weight = events.iter().map(|queued| queued.weight).sum();
        let mut queue = lock(&self.queue);
        if queue.finished || queue.ignored {
            events.clear();
            return;
        }
        queue.finished = events
            .iter()
            .any(|queued| matches!(queued.event, ClientEvent::Report(ClientReport::IsDead(_))));
        self.waiting.fetch_add(weight, Ordering::AcqRel);
        queue.events.extend(events.drain(..));
        drop(queue);
        self.taker.wake();
    }

    /// Throws events away from now on, those that wait among them.
    pub(super) fn ignore(&self) {
        let mut queue = lock(&self.queue);
        queue.ignored = true;
        queue.events.clear();
        self.waiting.store(0, Ordering::SeqCst);
    }

    pub(super) fn is_ignored(&self) -> bool {
        lock(&self.queue).ignored
    }

    pub(super) fn push_event(&self, event: ClientEvent<C>) {
        self.push(&mut vec![Queued::new(event, 0)]);
    }

    pub(super) fn push_connected(&self, session: u64) {
        let mut connected = Queued::new(ClientEvent::Report(ClientReport::Connected), 0);
        connected.begins = Some(session);
        self.push(&mut vec![connected]);
    }

    /// Queues the end of a request that failed at once. An application that makes request after request and never
    /// takes an event gets no more of these once the queue is full: their status tells it.
    pub(super) fn push_send_failed(&self, id: RequestId) {
        if self.waiting.load(Ordering::Acquire) < self.capacity {
            self.push_event(ClientEvent::SendFailed(id));
        }
    }

    /// Moves all events to `taken`, which is empty.
    pub(super) fn take(&self, taken: &mut VecDeque<Queued<C>>) {
        mem::swap(&mut lock(&self.queue).events, taken);
    }

    /// Like [`EventQueue::take`], pending while there is none. False after the last event of all.
    pub(super) fn poll_take(
        &self,
        context: &mut Context<'_>,
        taken: &mut VecDeque<Queued<C>>,
    ) -> Poll<bool> {
        self.take(taken);
        if taken.is_empty() {
            self.taker.register(context.waker());
            // One may have come between the two.
            let mut queue = lock(&self.queue);
            mem::swap(&mut queue.events, taken);
            if taken.is_empty() {
                return if queue.finished { Poll::Ready(false) } else { Poll::Pending };
            }
        }
        Poll::Ready(true)
    }

    /// An event is given to the application; true if the driver waits for that.
    pub(super) fn taken(&self, queued: &Queued<C>) -> bool {
        self.waiting.fetch_sub(queued.weight, Ordering::SeqCst);
        self.held_back.load(Ordering::SeqCst) && self.held_back.swap(false, Ordering::SeqCst)
    }

    /// Pending while the queue is full. The driver has registered its waker before it asks.
    pub(super) fn poll_room(&self) -> Poll<()> {
        if self.waiting.load(Ordering::Acquire) < self.capacity {
            return Poll::Ready(());
        }
        self.held_back.store(true, Ordering::SeqCst);
        // One may have been taken between the two.
        if self.waiting.load(Ordering::SeqCst) < self.capacity {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}
