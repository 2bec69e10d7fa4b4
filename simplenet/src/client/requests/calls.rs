use std::{
    mem,
    sync::Mutex,
    task::{Context, Poll, Waker},
};

use slab::Slab;

use super::CallError;
use crate::sync::lock;

/// The calls of a client that have no result yet, or whose result was not taken yet.
///
/// A call and its session share a slot, which costs less than a channel for each call. The slot is
/// freed by the one of them that uses it last.
pub(crate) struct Calls<R>(Mutex<Slab<CallState<R>>>);

/// The number of a call among the calls of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallKey(usize);

pub(crate) type Answer<R> = Result<R, CallError>;

enum CallState<R> {
    /// The session has the request.
    Waiting(Option<Waker>),
    /// The session has ended the request, and the call has not taken the answer yet.
    Ended(Answer<R>),
    /// The call was dropped, and the session has not ended the request yet.
    Dropped,
}

impl<R> Calls<R> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Slab::new()))
    }

    pub(crate) fn begin(&self) -> CallKey {
        CallKey(lock(&self.0).insert(CallState::Waiting(None)))
    }

    /// Returns the answer, and frees the slot. The caller must not use the key after that.
    pub(crate) fn poll(&self, key: CallKey, context: &mut Context<'_>) -> Poll<Answer<R>> {
        let mut calls = lock(&self.0);
        if let Some(CallState::Waiting(waker)) = calls.get_mut(key.0) {
            let is_registered =
                waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker()));
            if !is_registered {
                let replaced = waker.replace(context.waker().clone());
                // Dropping a waker may drop its task, and with it another call.
                drop(calls);
                drop(replaced);
            }
            return Poll::Pending;
        }
        let state = calls.try_remove(key.0);
        free_if_empty(&mut calls);
        match state {
            Some(CallState::Ended(answer)) => Poll::Ready(answer),
            // A call polls its own slot only.
            _ => Poll::Ready(Err(CallError::ResponseLost)),
        }
    }

    /// Ends calls, and wakes their tasks. The session must not use the keys after that.
    pub(crate) fn end(&self, ended: &mut Vec<(CallKey, Answer<R>)>) {
        if ended.is_empty() {
            return;
        }
        // Wakers and answers may run user code when they are woken or dropped. So that happens
        // without the lock.
        let mut wakers = Vec::with_capacity(ended.len());
        let mut dropped = Vec::new();
        {
            let mut calls = lock(&self.0);
            for (key, answer) in ended.drain(..) {
                match calls.get_mut(key.0) {
                    Some(state @ CallState::Waiting(_)) => {
                        if let CallState::Waiting(waker) =
                            mem::replace(state, CallState::Ended(answer))
                        {
                            wakers.extend(waker);
                        }
                    }
                    _ => {
                        dropped.push(answer);
                        calls.try_remove(key.0);
                    }
                }
            }
            free_if_empty(&mut calls);
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Frees the slot of a call whose request the session does not have any more, and never ends.
    pub(crate) fn remove(&self, key: CallKey) {
        let mut calls = lock(&self.0);
        let removed = calls.try_remove(key.0);
        free_if_empty(&mut calls);
        drop(calls);
        drop(removed);
    }

    /// Gives up a call that is dropped. If the session has not ended it yet, the session frees the
    /// slot.
    pub(crate) fn give_up(&self, key: CallKey) {
        let mut calls = lock(&self.0);
        match calls.get_mut(key.0) {
            Some(state @ CallState::Waiting(_)) => {
                let waiting = mem::replace(state, CallState::Dropped);
                drop(calls);
                drop(waiting);
            }
            _ => {
                drop(calls);
                self.remove(key);
            }
        }
    }
}

/// Frees the memory of the slots, so that a burst of calls does not occupy memory for good.
fn free_if_empty<R>(calls: &mut Slab<CallState<R>>) {
    if calls.is_empty() && calls.capacity() > KEPT_SLOTS {
        *calls = Slab::new();
    }
}

/// The number of slots that are kept while there is no call.
const KEPT_SLOTS: usize = 64;

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        task::Wake,
    };

    use super::*;
    use crate::test;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn answer(calls: &Calls<u8>, key: CallKey) {
        calls.end(&mut vec![(key, Ok(7))]);
    }

    fn poll(calls: &Calls<u8>, key: CallKey) -> Poll<Answer<u8>> {
        calls.poll(key, &mut Context::from_waker(Waker::noop()))
    }

    /// The steps of a call and of its session, in every order in which they can happen.
    #[test]
    fn slot_is_freed_by_its_last_user() {
        let orders: [fn(&Calls<u8>, CallKey); 5] = [
            |calls, key| {
                answer(calls, key);
                assert!(matches!(poll(calls, key), Poll::Ready(Ok(7))));
            },
            |calls, key| {
                assert!(poll(calls, key).is_pending());
                answer(calls, key);
                assert!(matches!(poll(calls, key), Poll::Ready(Ok(7))));
            },
            |calls, key| {
                calls.give_up(key);
                answer(calls, key);
            },
            |calls, key| {
                answer(calls, key);
                calls.give_up(key);
            },
            |calls, key| calls.remove(key),
        ];
        for (number, order) in orders.into_iter().enumerate() {
            let calls = Calls::new();
            let other = calls.begin();
            order(&calls, calls.begin());
            assert_eq!(lock(&calls.0).len(), 1, "order {number}");
            answer(&calls, other);
            assert!(matches!(poll(&calls, other), Poll::Ready(Ok(7))), "order {number}");
        }
    }

    #[test]
    fn answer_wakes_the_last_task_that_polled() {
        let calls = Calls::<u8>::new();
        let key = calls.begin();
        let [first, last] = [Arc::<Wakes>::default(), Arc::default()];
        for task in [&first, &last] {
            let waker = Waker::from(task.clone());
            assert!(calls.poll(key, &mut Context::from_waker(&waker)).is_pending());
        }
        answer(&calls, key);
        let woken = [&first, &last].map(|task| task.0.load(Ordering::Relaxed));
        assert_eq!(woken, [0, 1]);
    }

    #[test]
    fn burst_of_calls_occupies_no_memory_for_good() {
        let calls = Calls::<u8>::new();
        let keys: Vec<_> = (0..10 * KEPT_SLOTS).map(|_| calls.begin()).collect();
        keys.into_iter().for_each(|key| calls.remove(key));
        assert!(lock(&calls.0).capacity() <= KEPT_SLOTS);
    }
}
