use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use super::{ServerEvent, remote_client::RemoteClient};
use crate::{ChannelPack, sync::lock};

/// The events of all sessions, in the order they are to be taken.
///
/// Bounded twice: a session that holds its share is not read from, and no session is admitted while the inbox is full.
pub(crate) struct Inbox<C: ChannelPack> {
    queue: Mutex<VecDeque<Queued<C>>>,
    taker: AtomicWaker,
    capacity: usize,
    /// Events pushed and not taken.
    waiting: AtomicUsize,
    sessions: AtomicUsize,
    room: Notify,
    closed: AtomicBool,
}

/// An event, whose it is, and what it weighs in its session's share.
pub(crate) struct Queued<C: ChannelPack> {
    pub(crate) client: Arc<RemoteClient>,
    pub(crate) event: ServerEvent<C>,
    pub(crate) weight: usize,
}

impl<C: ChannelPack> Inbox<C> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            queue: Mutex::default(),
            taker: AtomicWaker::new(),
            capacity: capacity.max(1),
            waiting: AtomicUsize::new(0),
            sessions: AtomicUsize::new(0),
            room: Notify::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Waits until a further session may be admitted.
    pub(crate) async fn admission(&self) {
        loop {
            let room = self.room.notified();
            if self.waiting.load(Ordering::Acquire) < self.capacity {
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

    /// A session has ended.
    pub(crate) fn uncount_session(&self) {
        self.sessions.fetch_sub(1, Ordering::AcqRel);
    }

    /// Queues the events behind all others.
    pub(crate) fn push(&self, events: &mut Vec<Queued<C>>) {
        if events.is_empty() {
            return;
        }
        self.waiting.fetch_add(events.len(), Ordering::AcqRel);
        lock(&self.queue).extend(events.drain(..));
        self.taker.wake();
    }

    /// Moves all events to `taken`, which is empty.
    pub(crate) fn take(&self, taken: &mut VecDeque<Queued<C>>) {
        mem::swap(&mut *lock(&self.queue), taken);
    }

    /// Like [`Inbox::take`], pending while there is none. False once the inbox is closed and empty.
    pub(crate) fn poll_take(
        &self,
        context: &mut Context<'_>,
        taken: &mut VecDeque<Queued<C>>,
    ) -> Poll<bool> {
        self.take(taken);
        if taken.is_empty() {
            self.taker.register(context.waker());
            // One may have come between the two.
            let closed = self.closed.load(Ordering::Acquire);
            self.take(taken);
            if taken.is_empty() {
                return if closed { Poll::Ready(false) } else { Poll::Pending };
            }
        }
        Poll::Ready(true)
    }

    /// An event has left the queue.
    pub(crate) fn taken(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == self.capacity {
            self.room.notify_waiters();
        }
    }

    /// No more events will come.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.taker.wake();
    }
}
