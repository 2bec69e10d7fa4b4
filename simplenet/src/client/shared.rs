use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::{
    config::ClientConfig,
    death::DeathReason,
    events::{ClientEvent, ClientQueue, Queued},
    requests::{
        CallError, Calls, Frame, MessageSignal, RequestCell, RequestSignal, RequestStatus, Waiter,
    },
    state::{ClientState, NotConnected},
};
use crate::{
    channel::{ChannelPack, ClientMessage, Request},
    driver::Link,
    id::ClientId,
    request_id::RequestId,
    runtime::Runtime,
    session::{ClientSession, SendError, Session},
    time,
    wire::{self, CloseReason, EncodeError, OutgoingFrame},
};

/// The size limit for encoding, which is above the limit of any server. The session enforces the
/// limit of the present server.
const ENCODING_LIMIT: usize = u32::MAX as usize;

/// The state that the handles and the task of a client share.
pub(crate) struct Shared<C: ChannelPack> {
    pub(super) id: ClientId,
    pub(super) config: ClientConfig,
    /// `None` if no runtime could be started. The client is then dead.
    pub(super) runtime: Option<Runtime>,
    /// The present session. Between two sessions, this is a closed session, which accepts no
    /// messages.
    pub(super) link: Link<ClientSession<Waiter>>,
    pub(super) calls: Calls<C::ServerResponse>,
    pub(super) events: ClientQueue<C>,
    pub(super) state: watch::Sender<ClientState>,
    /// Wakes the calls that wait for a session.
    pub(super) opened: Arc<Notify>,
    pub(super) closed: CancellationToken,
    requests: AtomicU64,
    warned_of_waiting_call: AtomicBool,
}

impl<C: ChannelPack> Shared<C> {
    pub(super) fn new(id: ClientId, config: ClientConfig, runtime: Option<Runtime>) -> Self {
        let connecting = ClientState::Connecting {
            attempt: 1,
            delay: Duration::ZERO,
            reason: NotConnected::Connecting,
        };
        Self {
            id,
            link: Link::new(ClientSession::closed(time::now())),
            calls: Calls::new(),
            events: ClientQueue::new(config.inbox_events),
            config,
            runtime,
            state: watch::Sender::new(connecting),
            opened: Arc::new(Notify::new()),
            closed: CancellationToken::new(),
            requests: AtomicU64::new(0),
            warned_of_waiting_call: AtomicBool::new(false),
        }
    }

    pub(super) fn send(&self, message: impl ClientMessage<C>) -> MessageSignal {
        let message: C::ClientMsg = message.into();
        let sent = wire::client_message(&message, ENCODING_LIMIT)
            .and_then(|frame| C::payloads().client_msg.complete(frame))
            .map_err(refused)
            .and_then(|frame| {
                self.link.call(|session| {
                    let number = session.send(&frame)?;
                    Ok(Frame { progress: session.core().progress().clone(), number })
                })
            });
        if let Err(error) = &sent {
            tracing::debug!(client = %self.id, %error, "message not sent");
        }
        MessageSignal::new(sent)
    }

    pub(super) fn request<R: Request<C>>(&self, request: R) -> RequestSignal {
        let id = self.next_request_id();
        let cell = Arc::new(RequestCell::default());
        let submitted = self.encode_request(id, request).and_then(|frame| {
            self.link.call(|session| {
                let number =
                    session.request(id.get(), &frame, None, Waiter::Event(cell.clone()))?;
                Ok(Frame { progress: session.core().progress().clone(), number })
            })
        });
        let frame = match submitted {
            Ok(frame) => Some(frame),
            Err(error) => {
                tracing::debug!(client = %self.id, request = %id, %error, "request not sent");
                cell.set(RequestStatus::SendFailed(error));
                self.events.push_send_failed(id, error);
                None
            }
        };
        RequestSignal::new(id, cell, frame)
    }

    pub(super) fn next_request_id(&self) -> RequestId {
        RequestId::new(self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }

    pub(super) fn encode_request<R: Request<C>>(
        &self,
        id: RequestId,
        request: R,
    ) -> Result<OutgoingFrame, SendError> {
        let request: C::ClientRequest = request.into();
        wire::request(id.get(), &request, ENCODING_LIMIT)
            .and_then(|frame| C::payloads().client_request.complete(frame))
            .map_err(refused)
    }

    /// Closes the client once every message that was sent is written.
    pub(super) fn close(&self) {
        self.closed.cancel();
        self.link.call(|session| session.close(CloseReason::ClosedByClient));
    }

    /// Releases the credit of drained events. Wakes the driver if it had paused reading and can
    /// continue.
    pub(super) fn release_credit(&self, weight: usize) {
        if self.events.release(weight) {
            self.link.wake();
        }
    }

    /// Returns the event for the application. If the event is a `Connected`, opens its session.
    pub(super) fn deliver(&self, queued: Queued<C>) -> ClientEvent<C> {
        if let Some(session) = queued.opens_session {
            self.open(session);
        }
        queued.event
    }

    fn open(&self, session: u64) {
        self.link.lock().open(session);
        self.opened.notify_waiters();
    }

    /// Drops all events from now on. After that, a session opens as soon as it begins.
    pub(super) fn discard_events(&self) {
        self.events.discard();
        self.open_if_discarding();
    }

    /// Opens the present session if events are discarded, because the application then receives no
    /// `Connected`.
    pub(super) fn open_if_discarding(&self) {
        if self.events.is_discarding() {
            self.link.call(ClientSession::open_without_connected);
            self.opened.notify_waiters();
        }
    }

    /// Marks the client as dead, and queues its last event.
    pub(super) fn die(&self, reason: DeathReason) {
        match &reason {
            DeathReason::ClosedBySelf => tracing::debug!(client = %self.id, "client closed"),
            reason => {
                tracing::warn!(client = %self.id, "the client has ended: {}", reason.summary());
                tracing::debug!(client = %self.id, %reason, "client is dead");
            }
        }
        self.state.send_replace(ClientState::Dead(reason.clone()));
        self.events.push_dead(reason);
        self.opened.notify_waiters();
    }

    /// Returns the error of a call whose deadline passes while the call waits for a session.
    pub(super) fn not_sent(&self) -> CallError {
        if self.link.lock().awaits_opening() {
            return CallError::NotSent(NotConnected::ConnectedNotReceived);
        }
        match &*self.state.borrow() {
            ClientState::Connecting { reason, .. } => CallError::NotSent(reason.clone()),
            ClientState::Dead(reason) => CallError::Dead(reason.clone()),
            ClientState::Accepted if self.closed.is_cancelled() => {
                CallError::Dead(DeathReason::ClosedBySelf)
            }
            // The session is ending, and the task of the client has not handled its end yet.
            ClientState::Accepted => {
                CallError::NotSent(NotConnected::Lost(CloseReason::ConnectionLost(String::new())))
            }
        }
    }

    /// Logs a warning, once per client, if calls wait for the application to receive `Connected`.
    pub(super) fn warn_of_waiting_call(&self) {
        if self.link.lock().awaits_opening()
            && !self.warned_of_waiting_call.swap(true, Ordering::Relaxed)
        {
            let reason = NotConnected::ConnectedNotReceived;
            tracing::warn!(client = %self.id, "a call waits: {reason}");
        }
    }

    /// Awaits the future, which waits for the client's task. Warns if nothing runs the task.
    pub(super) async fn wait_for<F: Future>(&self, future: F) -> F::Output {
        match &self.runtime {
            Some(runtime) => runtime.wait_for("client", future).await,
            // The client is dead, so the future is ready.
            None => future.await,
        }
    }

    /// Returns the reason why the client is dead, if it is.
    pub(super) fn death(&self) -> Option<DeathReason> {
        match &*self.state.borrow() {
            ClientState::Dead(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}

/// Logs the reason why a value cannot be encoded, which the application must mend.
fn refused(error: EncodeError) -> SendError {
    tracing::error!(%error, "not sent");
    error.into()
}

impl From<EncodeError> for SendError {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::TooLarge { .. } | EncodeError::OverBudget { .. } => Self::TooLarge,
            EncodeError::Unsupported(_) => Self::Unencodable,
        }
    }
}
