use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use thiserror::Error;
use tokio::sync::futures::OwnedNotified;

use super::{Answer, CallKey, Waiter};
use crate::{
    channel::{ChannelPack, Request},
    client::{death::DeathReason, shared::Shared, state::NotConnected},
    request_id::RequestId,
    runtime::Alarm,
    session::SendError,
    time::{self, Instant},
    wire::OutgoingFrame,
};

/// The time between two checks of a call that waits for a session.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The future of the response to a request, returned by
/// [`ClientHandle::call`](crate::ClientHandle::call).
///
/// A call ends without a response if it is dropped, or if its deadline passes. The server may
/// process the request all the same. The request stays in flight until the server answers or the
/// session ends. So calls to a server that never answers fail with [`SendError::TooManyInFlight`]
/// once `max_in_flight` requests are unanswered.
#[must_use = "dropping a call discards its response"]
pub struct Call<C: ChannelPack, R> {
    shared: Arc<Shared<C>>,
    id: RequestId,
    step: Step,
    deadline: Option<Instant>,
    timer: Option<Alarm>,
    request: PhantomData<fn() -> R>,
}

/// The reason why a call has no response.
///
/// Only [`ResponseLost`](Self::ResponseLost) and [`TimedOut`](Self::TimedOut) leave it unknown
/// whether the server has processed the request.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum CallError {
    /// The server has acknowledged the request and sends no response.
    #[error("acknowledged without a response")]
    Acknowledged,
    /// The server has rejected the request.
    #[error("rejected by the server")]
    Rejected,
    /// The request was never handed to the transport, so the server did not process it.
    #[error("not sent: {0}")]
    SendFailed(SendError),
    /// The deadline passed while the call waited for a session, so the request was not sent.
    #[error("not sent: {0}")]
    NotSent(NotConnected),
    /// The session ended before the answer arrived. Whether the server processed the request is
    /// unknown.
    #[error("the connection was lost before the answer")]
    ResponseLost,
    /// The deadline passed before the answer to a sent request arrived. Whether the server
    /// processed the request is unknown. The request stays in flight until the server answers.
    #[error("no answer before the deadline of the call")]
    TimedOut,
    /// The client is dead, and the request was not sent.
    #[error("not sent, the client has ended: {0}")]
    Dead(DeathReason),
}

enum Step {
    /// The call waits for a session. Contains the encoded request, and the notification that a
    /// session has opened.
    Waiting(OutgoingFrame, Pin<Box<OwnedNotified>>),
    /// The session has the request. The slot gets the answer, or the error that ends the call.
    InFlight(CallKey),
    Ended(Option<CallError>),
}

impl<C: ChannelPack, R: Request<C>> Call<C, R> {
    pub(crate) fn new(shared: Arc<Shared<C>>, request: R) -> Self {
        let id = shared.next_request_id();
        let deadline = shared.config.call_timeout.map(time::deadline);
        let step = match shared.encode_request(id, request) {
            Ok(frame) => submit(&shared, id, frame, deadline),
            Err(error) => Step::Ended(Some(CallError::SendFailed(error))),
        };
        Self { shared, id, step, deadline, timer: None, request: PhantomData }
    }

    /// Sets the deadline of the call to `limit` from now, instead of
    /// [`call_timeout`](crate::ClientConfig::call_timeout). At the deadline, a call that still
    /// waits for a session ends with [`CallError::NotSent`]. A request that was sent ends with
    /// [`CallError::TimedOut`] and stays in flight, see [`Call`].
    pub fn timeout(mut self, limit: Duration) -> Self {
        let deadline = time::deadline(limit);
        self.deadline = Some(deadline);
        self.timer = None;
        if let Step::InFlight(_) = self.step {
            self.shared.link.call(|session| session.set_deadline(self.id.get(), deadline));
        }
        self
    }

    /// Returns the id of the request.
    pub fn id(&self) -> RequestId {
        self.id
    }

    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<Answer<C::ServerResponse>> {
        loop {
            match &mut self.step {
                Step::Waiting(frame, opened) => {
                    if opened.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    self.step = submit(&self.shared, self.id, frame.to_shared(), self.deadline);
                }
                Step::InFlight(key) => {
                    let answer = self.shared.calls.poll(*key, context);
                    if answer.is_ready() {
                        self.step = Step::Ended(None);
                    }
                    return answer;
                }
                Step::Ended(error) => {
                    let error = error.take().unwrap_or(CallError::ResponseLost);
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    /// Polls the deadline, unless a session enforces it. Checks regularly whether the wait for a
    /// session has a cause that the application can remove.
    fn poll_wait(&mut self, context: &mut Context<'_>) -> Poll<CallError> {
        loop {
            let Some(runtime) = &self.shared.runtime else { return Poll::Pending };
            let waits_for_session = match self.step {
                Step::Waiting(..) => true,
                // The session may never be driven again.
                Step::InFlight(_) if runtime.may_be_stopped() => false,
                Step::InFlight(_) | Step::Ended(_) => return Poll::Pending,
            };
            let now = time::now();
            if self.deadline.is_some_and(|deadline| deadline <= now) {
                return Poll::Ready(match waits_for_session {
                    true => self.shared.not_sent(),
                    false => CallError::TimedOut,
                });
            }
            let check = waits_for_session.then(|| now + CHECK_INTERVAL);
            let Some(wake_at) = [self.deadline, check].into_iter().flatten().min() else {
                return Poll::Pending;
            };
            let timer = self.timer.get_or_insert_with(|| runtime.alarm(wake_at));
            ready!(Pin::new(timer).poll(context));
            self.timer = None;
            self.shared.warn_of_waiting_call();
        }
    }
}

/// Queues the request in the present session. If there is none, returns the step that waits for a
/// session.
fn submit<C: ChannelPack>(
    shared: &Arc<Shared<C>>,
    id: RequestId,
    frame: OutgoingFrame,
    deadline: Option<Instant>,
) -> Step {
    let attempt = |frame: &OutgoingFrame| {
        let key = shared.calls.begin();
        let waiter = Waiter::Call(key);
        match shared.link.call(|session| session.request(id.get(), frame, deadline, waiter)) {
            Ok(_) => Some(Step::InFlight(key)),
            Err(error) => {
                shared.calls.remove(key);
                match error {
                    SendError::NotConnected | SendError::ConnectedNotReceived => None,
                    error => Some(Step::Ended(Some(CallError::SendFailed(error)))),
                }
            }
        }
    };
    attempt(&frame).unwrap_or_else(|| {
        let opened = Box::pin(shared.opened.clone().notified_owned());
        // Try again. A session that opened after the first attempt may have notified before the
        // future existed.
        let second = match shared.death() {
            Some(reason) => Some(Step::Ended(Some(CallError::Dead(reason)))),
            None => attempt(&frame),
        };
        second.unwrap_or(Step::Waiting(frame.to_shared(), opened))
    })
}

impl<C: ChannelPack, R: Request<C>> Future for Call<C, R> {
    type Output = Result<R::Response, CallError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = match self.poll_answer(context) {
            Poll::Ready(answer) => answer,
            Poll::Pending => Err(ready!(self.poll_wait(context))),
        };
        self.give_up();
        Poll::Ready(answer.and_then(|response| {
            // The session has already verified that the response belongs to the request.
            R::from_response(response).ok_or(CallError::ResponseLost)
        }))
    }
}

impl<C: ChannelPack, R> Call<C, R> {
    /// Ends the wait for the answer.
    fn give_up(&mut self) {
        if let Step::InFlight(key) = mem::replace(&mut self.step, Step::Ended(None)) {
            if self.shared.link.lock().cancel(self.id.get()).is_some() {
                self.shared.calls.remove(key);
            } else {
                self.shared.calls.give_up(key);
            }
        }
    }
}

impl<C: ChannelPack, R> Unpin for Call<C, R> {}

impl<C: ChannelPack, R> Drop for Call<C, R> {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl<C: ChannelPack, R> fmt::Debug for Call<C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({:?})", self.id)
    }
}
