use std::{collections::VecDeque, future::poll_fn, sync::Mutex, task::Poll};

use futures_util::task::AtomicWaker;

use crate::{ChannelPack, server::inbox::Queued, sync::lock};

/// The events of one session that a service handles. Bounded by the session's share, as in the inbox.
pub(crate) struct SessionQueue<C: ChannelPack> {
    events: Mutex<VecDeque<Queued<C>>>,
    taker: AtomicWaker,
}

impl<C: ChannelPack> SessionQueue<C> {
    pub(crate) fn new() -> Self {
        Self { events: Mutex::default(), taker: AtomicWaker::new() }
    }

    pub(crate) fn push(&self, events: &mut VecDeque<Queued<C>>) {
        lock(&self.events).append(events);
        self.taker.wake();
    }

    /// The next event. Cancel-safe.
    pub(crate) async fn next(&self) -> Queued<C> {
        poll_fn(|context| {
            self.taker.register(context.waker());
            match lock(&self.events).pop_front() {
                Some(queued) => Poll::Ready(queued),
                None => Poll::Pending,
            }
        })
        .await
    }
}
