use std::{collections::VecDeque, future::poll_fn, mem, sync::Mutex, task::Poll};

use futures_util::task::AtomicWaker;

use crate::{
    channel::ChannelPack,
    server::events::{Batch, Queued},
    sync::lock,
};

/// The queue of one session's events for a service. The events count in the session's
/// inbox.
pub(crate) struct SessionQueue<C: ChannelPack> {
    waiting: Mutex<SessionEvents<C>>,
    consumer: AtomicWaker,
}

/// Events of one session, and the weight that counts in the session's inbox.
pub(crate) struct SessionEvents<C: ChannelPack> {
    pub(crate) events: VecDeque<Queued<C>>,
    pub(crate) weight: usize,
}

impl<C: ChannelPack> Default for SessionEvents<C> {
    fn default() -> Self {
        Self { events: VecDeque::new(), weight: 0 }
    }
}

impl<C: ChannelPack> SessionQueue<C> {
    pub(crate) fn new() -> Self {
        Self { waiting: Mutex::default(), consumer: AtomicWaker::new() }
    }

    pub(crate) fn push(&self, mut batch: Batch<C>) {
        let mut waiting = lock(&self.waiting);
        waiting.weight += batch.held;
        if waiting.events.is_empty() {
            waiting.events = batch.events;
        } else {
            waiting.events.append(&mut batch.events);
        }
        drop(waiting);
        self.consumer.wake();
    }

    /// Waits for events, and takes all of them. Cancel-safe.
    pub(crate) async fn take(&self) -> SessionEvents<C> {
        poll_fn(|context| {
            self.consumer.register(context.waker());
            let mut waiting = lock(&self.waiting);
            if waiting.events.is_empty() {
                Poll::Pending
            } else {
                Poll::Ready(mem::take(&mut *waiting))
            }
        })
        .await
    }
}
