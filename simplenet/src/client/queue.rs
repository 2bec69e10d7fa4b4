use std::{
    collections::VecDeque,
    mem,
    sync::Mutex,
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;

use super::{ClientEvent, ClientReport};
use crate::{
    ChannelPack, RequestId,
    gate::{Gate, event_weight},
    sync::lock,
};

/// The events of a client, in the order they are to be taken.
///
/// Bounded: the client does not read while it is full.
pub(crate) struct EventQueue<C: ChannelPack> {
    queue: Mutex<Queue<C>>,
    taker: AtomicWaker,
    capacity: usize,
    /// What the events weigh that were pushed and not taken.
    gate: Gate,
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

/// Events moved out of the queue, which are given to the application one by one.
///
/// What they weigh is given back when all of them are: room is seldom needed earlier, and to count each one costs more
/// than to take it.
pub(super) struct Taken<C: ChannelPack> {
    events: VecDeque<Queued<C>>,
    given: usize,
}

impl<C: ChannelPack> Default for Taken<C> {
    fn default() -> Self {
        Self { events: VecDeque::new(), given: 0 }
    }
}

impl<C: ChannelPack> Taken<C> {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<Queued<C>> {
        let queued = self.events.pop_front()?;
        self.given += queued.weight;
        Some(queued)
    }

    /// What has been given since the last time it was asked.
    pub(super) fn settle(&mut self) -> usize {
        mem::take(&mut self.given)
    }

    /// Where further events are moved to.
    pub(super) fn events(&mut self) -> &mut VecDeque<Queued<C>> {
        &mut self.events
    }
}

impl<C: ChannelPack> Queued<C> {
    pub(super) fn new(event: ClientEvent<C>, size: usize) -> Self {
        Self { event, weight: event_weight(size), begins: None }
    }
}

impl<C: ChannelPack> EventQueue<C> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            queue: Mutex::new(Queue { events: VecDeque::new(), finished: false, ignored: false }),
            taker: AtomicWaker::new(),
            capacity: capacity.max(1),
            gate: Gate::default(),
        }
    }

    /// Queues the events behind all others.
    pub(super) fn push(&self, events: &mut VecDeque<Queued<C>>) {
        if events.is_empty() {
            return;
        }
        let weight = events.iter().map(|queued| queued.weight).sum();
        let mut queue = lock(&self.queue);
        if queue.finished || queue.ignored {
            drop(queue);
            events.clear();
            return;
        }
        queue.finished = events.back().is_some_and(|queued| {
            matches!(queued.event, ClientEvent::Report(ClientReport::IsDead(_)))
        });
        self.gate.charge(weight);
        queue.events.append(events);
        drop(queue);
        self.taker.wake();
    }

    /// Throws events away from now on, those that wait among them.
    pub(super) fn ignore(&self) {
        let mut queue = lock(&self.queue);
        queue.ignored = true;
        let events = mem::take(&mut queue.events);
        drop(queue);
        self.gate.release(events.iter().map(|queued| queued.weight).sum());
    }

    pub(super) fn is_ignored(&self) -> bool {
        lock(&self.queue).ignored
    }

    pub(super) fn push_event(&self, event: ClientEvent<C>) {
        self.push(&mut VecDeque::from([Queued::new(event, 0)]));
    }

    pub(super) fn push_connected(&self, session: u64) {
        let mut connected = Queued::new(ClientEvent::Report(ClientReport::Connected), 0);
        connected.begins = Some(session);
        self.push(&mut VecDeque::from([connected]));
    }

    /// Queues the end of a request that failed at once. An application that makes request after request and never
    /// takes an event gets no more of these once the queue is full: their status tells it.
    pub(super) fn push_send_failed(&self, id: RequestId) {
        if self.gate.waiting() < self.capacity {
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

    /// Events that weigh so much are given to the application; true if the driver waits for that.
    pub(super) fn taken(&self, weight: usize) -> bool {
        self.gate.release(weight)
    }

    /// Pending while the queue is full. Who asks must have registered to be woken.
    pub(super) fn poll_room(&self) -> Poll<usize> {
        self.gate.poll_room(self.capacity)
    }
}
