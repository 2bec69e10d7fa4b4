use std::{collections::VecDeque, future::poll_fn, sync::Mutex, task::Poll};

use futures_util::task::AtomicWaker;

use crate::{channel::ChannelPack, server::events::Queued, sync::lock};

/// The queue of one session's events for a service. The events count against the session's share of
/// the server's queue.
pub(crate) struct SessionQueue<C: ChannelPack> {
    events: Mutex<VecDeque<Queued<C>>>,
    consumer: AtomicWaker,
}

impl<C: ChannelPack> SessionQueue<C> {
    pub(crate) fn new() -> Self {
        Self { events: Mutex::default(), consumer: AtomicWaker::new() }
    }

    pub(crate) fn push(&self, events: &mut VecDeque<Queued<C>>) {
        lock(&self.events).append(events);
        self.consumer.wake();
    }

    /// Waits for the next event. Cancel-safe.
    pub(crate) async fn next(&self) -> Queued<C> {
        poll_fn(|context| {
            self.consumer.register(context.waker());
            match lock(&self.events).pop_front() {
                Some(queued) => Poll::Ready(queued),
                None => Poll::Pending,
            }
        })
        .await
    }
}
