//! The bounded queue of events from connections to the application, for clients and servers.

use std::{
    collections::VecDeque,
    marker::PhantomData,
    mem,
    sync::Mutex,
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;

use crate::{backpressure::Backpressure, sync::lock};

/// An event with the weight that counts against the bound of its queue.
pub(crate) trait Weigh {
    fn weight(&self) -> usize;
}

/// Waiting events, which determine the order in which the consumer takes them.
pub(crate) trait Waiting<E>: Default {
    fn is_empty(&self) -> bool;

    fn push(&mut self, event: E);

    /// Moves at least one event, if there is one, to `taken`, which must be empty.
    fn take(&mut self, taken: &mut VecDeque<E>);
}

/// Events in the order of their arrival, which are taken all at once.
impl<E> Waiting<E> for VecDeque<E> {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }

    fn push(&mut self, event: E) {
        self.push_back(event);
    }

    fn take(&mut self, taken: &mut VecDeque<E>) {
        mem::swap(self, taken);
    }
}

/// A queue of events in the order in which the application receives them.
///
/// The queue accepts every event. It stays within its bound because producers check for free space
/// before they read from their peers. The consumer moves many queued events at once into
/// [`Drained`].
pub(crate) struct EventQueue<E, W = VecDeque<E>> {
    state: Mutex<State<W>>,
    consumer: AtomicWaker,
    capacity: usize,
    backpressure: Backpressure,
    events: PhantomData<fn(E) -> E>,
}

struct State<W> {
    waiting: W,
    phase: Phase,
    /// The number of times that the consumer has looked for events.
    #[cfg(feature = "server")]
    takes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Accepting,
    /// The last event is queued. Later events are dropped.
    Complete,
    /// There is no consumer. All events are dropped.
    Discarding,
}

impl<E: Weigh, W: Waiting<E>> EventQueue<E, W> {
    /// Creates a queue that is full at a weight of `capacity`. A capacity of zero counts as one.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: W::default(),
                phase: Phase::Accepting,
                #[cfg(feature = "server")]
                takes: 0,
            }),
            consumer: AtomicWaker::new(),
            capacity: capacity.max(1),
            backpressure: Backpressure::default(),
            events: PhantomData,
        }
    }

    /// Appends one event to the queue.
    pub(crate) fn push_one(&self, event: E) {
        self.push_one_and(event, Phase::Accepting);
    }

    fn push_one_and(&self, event: E, phase: Phase) {
        let mut state = lock(&self.state);
        if state.phase == Phase::Accepting {
            state.phase = phase;
            self.backpressure.charge(event.weight());
            state.waiting.push(event);
            drop(state);
            self.wake_consumer();
        } else {
            // Drops the event without the lock, because dropping it may run user code.
            drop(state);
        }
    }

    /// Drops the queued events and all later ones. Returns true if a producer must be woken.
    pub(crate) fn discard(&self) -> bool {
        let mut state = lock(&self.state);
        state.phase = Phase::Discarding;
        let mut waiting = mem::take(&mut state.waiting);
        drop(state);
        let mut weight = 0;
        let mut events = VecDeque::new();
        while !waiting.is_empty() {
            waiting.take(&mut events);
            weight += events.drain(..).map(|event| event.weight()).sum::<usize>();
        }
        self.release(weight)
    }

    /// Moves the next queued events to `drained`, which must be empty.
    pub(crate) fn take(&self, drained: &mut VecDeque<E>) {
        let mut state = lock(&self.state);
        #[cfg(feature = "server")]
        {
            state.takes += 1;
        }
        state.waiting.take(drained);
    }

    /// If events are queued, returns the number of times that the consumer has looked for events.
    /// The events stay unreceived for as long as this number stays the same.
    #[cfg(feature = "server")]
    pub(crate) fn takes_before_waiting_events(&self) -> Option<u64> {
        let state = lock(&self.state);
        (!state.waiting.is_empty()).then_some(state.takes)
    }

    /// Like [`EventQueue::take`], but returns `Pending` while no event is queued.
    ///
    /// Returns false once the last event has been moved. That is the event of
    /// [`EventQueue::push_last`], or the last event that was queued before `is_over` returned true.
    pub(crate) fn poll_take(
        &self,
        context: &mut Context<'_>,
        drained: &mut VecDeque<E>,
        is_over: impl FnOnce() -> bool,
    ) -> Poll<bool> {
        self.take(drained);
        if drained.is_empty() {
            self.consumer.register(context.waker());
            // Called before the second attempt. If it returns true, the last event is queued
            // already, and the attempt finds it.
            let is_over = is_over();
            let mut state = lock(&self.state);
            state.waiting.take(drained);
            if drained.is_empty() {
                let is_over = is_over || state.phase == Phase::Complete;
                return if is_over { Poll::Ready(false) } else { Poll::Pending };
            }
        }
        Poll::Ready(true)
    }

    pub(crate) fn wake_consumer(&self) {
        self.consumer.wake();
    }

    /// Releases the credit of drained events. Returns true if a producer must be woken.
    pub(crate) fn release(&self, weight: usize) -> bool {
        weight > 0 && self.backpressure.release(weight)
    }

    /// Returns the free space, or `Pending` while the queue is full. The caller must register its
    /// waker first.
    pub(crate) fn poll_room(&self) -> Poll<usize> {
        self.backpressure.poll_room(self.capacity)
    }
}

#[cfg(feature = "client")]
impl<E: Weigh> EventQueue<E> {
    pub(crate) fn is_full(&self) -> bool {
        self.backpressure.queued() >= self.capacity
    }

    /// Appends the events to the queue, and leaves `events` empty.
    pub(crate) fn push(&self, events: &mut VecDeque<E>) {
        if events.is_empty() {
            return;
        }
        let weight = events.iter().map(Weigh::weight).sum();
        let mut state = lock(&self.state);
        if state.phase == Phase::Accepting {
            self.backpressure.charge(weight);
            if state.waiting.is_empty() {
                mem::swap(&mut state.waiting, events);
            } else {
                state.waiting.append(events);
            }
            drop(state);
            self.wake_consumer();
        } else {
            // Drops the events without the lock, because dropping them may run user code.
            drop(state);
            events.clear();
        }
    }

    /// Appends one event to the queue. Removes the last queued event for which `replaces` returns
    /// true.
    pub(crate) fn push_or_replace(&self, event: E, replaces: impl Fn(&E) -> bool) {
        let replaced = {
            let mut state = lock(&self.state);
            let index = state.waiting.iter().rposition(replaces);
            index.and_then(|index| state.waiting.remove(index))
        };
        self.push_one(event);
        // Released after the push. Otherwise the producer could see free space in between.
        self.release(replaced.map_or(0, |event| event.weight()));
    }

    /// Appends the last event to the queue. Later events are dropped.
    pub(crate) fn push_last(&self, event: E) {
        self.push_one_and(event, Phase::Complete);
    }

    pub(crate) fn is_discarding(&self) -> bool {
        lock(&self.state).phase == Phase::Discarding
    }
}

/// Events that were moved out of a queue. The application receives them one by one.
///
/// The credit of the events is released in batches, because an atomic operation costs more than
/// receiving an event.
pub(crate) struct Drained<E> {
    events: VecDeque<E>,
    credit: usize,
}

impl<E> Default for Drained<E> {
    fn default() -> Self {
        Self { events: VecDeque::new(), credit: 0 }
    }
}

impl<E: Weigh> Drained<E> {
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(crate) fn next(&mut self) -> Option<E> {
        let event = self.events.pop_front()?;
        self.credit += event.weight();
        Some(event)
    }

    /// Returns the weight of the events that the application received since the last call. The
    /// caller must release it.
    pub(crate) fn take_credit(&mut self) -> usize {
        mem::take(&mut self.credit)
    }

    /// Returns the buffer that [`EventQueue::take`] fills.
    pub(crate) fn buffer(&mut self) -> &mut VecDeque<E> {
        &mut self.events
    }
}
