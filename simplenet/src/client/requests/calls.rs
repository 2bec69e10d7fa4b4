use std::{
    mem,
    sync::Mutex,
    task::{Context, Poll, Waker},
};

use slab::Slab;

use super::CallError;
use crate::{channel::ChannelPack, sync::lock};

/// The calls of a client that have no result yet, or whose result was not taken yet.
///
/// A call and its session share a slot, which costs less than a channel for each call. The slot is
/// freed by the one of them that uses it last.
pub(crate) struct Calls<C: ChannelPack>(Mutex<Slab<CallState<C>>>);

/// The number of a call among the calls of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallKey(usize);

pub(crate) type Answer<C> = Result<<C as ChannelPack>::ServerResponse, CallError>;

enum CallState<C: ChannelPack> {
    /// The session has the request.
    Waiting(Option<Waker>),
    /// The session has ended the request, and the call has not taken the answer yet.
    Ended(Answer<C>),
    /// The call was dropped, and the session has not ended the request yet.
    Dropped,
}

impl<C: ChannelPack> Calls<C> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Slab::new()))
    }

    pub(crate) fn begin(&self) -> CallKey {
        CallKey(lock(&self.0).insert(CallState::Waiting(None)))
    }

    /// Returns the answer, and frees the slot. The caller must not use the key after that.
    pub(crate) fn poll(&self, key: CallKey, context: &mut Context<'_>) -> Poll<Answer<C>> {
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
    pub(crate) fn end(&self, ended: &mut Vec<(CallKey, Answer<C>)>) {
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
fn free_if_empty<C: ChannelPack>(calls: &mut Slab<CallState<C>>) {
    if calls.is_empty() && calls.capacity() > KEPT_SLOTS {
        *calls = Slab::new();
    }
}

/// The number of slots that are kept while there is no call.
const KEPT_SLOTS: usize = 64;
