use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use super::{
    config::ServerConfig,
    events::ServerQueue,
    sessions::{Registry, SessionsEnded, ShutdownReport},
};
use crate::{
    auth::{Authenticator, ClockWarnings},
    channel::{ChannelPack, ServerMessage},
    driver::CLOSE_TIMEOUT,
    id::ClientId,
    outcome::SendOutcome,
    runtime::Runtime,
    session::Session,
    time,
    wire::{self, CloseReason, EncodeError, OutgoingFrame},
};

/// The time limit of a shutdown after its deadline. It is not reached unless tasks are delayed,
/// because each step of a close has a shorter limit.
const CUT_TIMEOUT: Duration = CLOSE_TIMEOUT.saturating_mul(3);

/// The same limit if nothing has run the server's runtime since the shutdown began.
const STALLED_TIMEOUT: Duration = Duration::from_secs(1);

/// The state that the handles and the tasks of a server share.
pub(crate) struct Shared<C: ChannelPack> {
    pub(super) config: ServerConfig,
    pub(super) authenticator: Authenticator,
    pub(super) clock_warnings: ClockWarnings,
    pub(super) url: Url,
    pub(super) runtime: Runtime,
    pub(super) registry: Registry,
    pub(super) queue: ServerQueue<C>,
    pub(super) sessions_ended: SessionsEnded,
    session_numbers: AtomicU64,
    /// Cancelled when the server admits no more sessions.
    stopped: CancellationToken,
    /// Cancelled when the handlers of a service and the verifications of fresh tokens must end.
    aborted: CancellationToken,
    /// Cancelled when a shutdown has returned.
    shut_down: CancellationToken,
    /// The task that listens.
    pub(super) listening: TaskTracker,
    /// The tasks of the connections. A connection lasts longer than its session.
    pub(super) connections: TaskTracker,
}

impl<C: ChannelPack> Shared<C> {
    pub(super) fn new(
        config: ServerConfig,
        authenticator: Authenticator,
        url: Url,
        runtime: Runtime,
    ) -> Self {
        Self {
            registry: Registry::new(&config),
            queue: ServerQueue::new(config.inbox_events),
            config,
            authenticator,
            clock_warnings: ClockWarnings::default(),
            url,
            runtime,
            sessions_ended: SessionsEnded::default(),
            session_numbers: AtomicU64::new(0),
            stopped: CancellationToken::new(),
            aborted: CancellationToken::new(),
            shut_down: CancellationToken::new(),
            listening: TaskTracker::new(),
            connections: TaskTracker::new(),
        }
    }

    pub(super) fn next_session_number(&self) -> u64 {
        self.session_numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn encode(
        &self,
        message: impl ServerMessage<C>,
    ) -> Result<OutgoingFrame, EncodeError> {
        let limit = self.config.max_msg_size;
        let frame = wire::server_message::<C::ServerMsg>(&message.into(), limit)?;
        C::payloads().server_msg.complete(frame)
    }

    /// Encodes a message for one client and sends it. If the message cannot be encoded, logs the
    /// error.
    pub(super) fn encode_for(
        &self,
        client: ClientId,
        message: impl ServerMessage<C>,
        send: impl FnOnce(&OutgoingFrame) -> SendOutcome,
    ) -> SendOutcome {
        match self.encode(message) {
            Ok(frame) => {
                let outcome = send(&frame);
                if outcome == SendOutcome::TooLarge {
                    // Log at `debug` only: the client chooses its limit.
                    let size = frame.frame().len();
                    tracing::debug!(%client, size, "not sent: exceeds max_msg_size of the client");
                }
                outcome
            }
            Err(error) => {
                tracing::error!(%client, %error, "message not sent");
                error.into()
            }
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.is_cancelled()
    }

    /// Runs the future. Returns `None` if the server stops admitting sessions before the future
    /// completes.
    pub(super) fn unless_stopped<F: Future>(
        &self,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> {
        self.stopped.run_until_cancelled(future)
    }

    /// Runs the handlers of a service or the verification of a fresh token, until they must end.
    pub(super) async fn unless_aborted(self: Arc<Self>, future: impl Future<Output = ()>) {
        self.aborted.run_until_cancelled(future).await;
    }

    /// Ends the listener and the handshakes at once. Closes the sessions, which still write their
    /// outboxes.
    pub(super) fn stop(&self) {
        self.end_listening(CloseReason::ShutDown);
        self.registry.for_each(|client| {
            client.link.call(|session| session.close(CloseReason::ShutDown));
        });
        self.aborted.cancel();
    }

    /// Ends the listener, waits until every session has drained or the deadline has passed, and
    /// then ends the remaining sessions.
    pub(super) async fn shutdown(&self, deadline: Duration) -> ShutdownReport {
        let probe = self.runtime.probe();
        let retry_after = self.config.retry_after;
        let draining = CloseReason::Draining { retry_after };
        self.end_listening(draining.clone());
        self.registry.for_each(|client| client.link.call(|session| session.drain(retry_after)));
        if !self.have_ended_within(deadline).await {
            self.registry.for_each(|client| {
                client.link.call(|session| session.core().abort(draining.clone()));
            });
        }
        self.aborted.cancel();
        let limit = if probe.has_run() { CUT_TIMEOUT } else { STALLED_TIMEOUT };
        if !self.have_ended_within(limit).await {
            tracing::warn!("shutdown incomplete: nothing runs the tasks of the server");
        }
        self.shut_down.cancel();
        self.report()
    }

    async fn have_ended_within(&self, limit: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.ended() => true,
            () = self.runtime.alarm(time::deadline(limit)) => false,
        }
    }

    /// Waits until the server has ended, and returns the report of its end.
    pub(super) async fn end(&self) -> ShutdownReport {
        // After a shutdown that could not complete, only the token is cancelled.
        self.shut_down.run_until_cancelled(self.ended()).await;
        self.report()
    }

    fn report(&self) -> ShutdownReport {
        self.sessions_ended.report(self.registry.len())
    }

    /// Waits until the listener, all sessions and all connections have ended. If the program ended
    /// before that, connections would be reset, and their clients might not receive the close.
    async fn ended(&self) {
        self.listening.wait().await;
        self.registry.wait_until_empty().await;
        self.connections.wait().await;
    }

    /// Stops admitting new sessions.
    pub(super) fn end_listening(&self, reason: CloseReason) {
        self.sessions_ended.begin_report();
        self.registry.close(reason);
        self.stopped.cancel();
        self.listening.close();
        self.connections.close();
        self.queue.close();
    }
}

impl From<EncodeError> for SendOutcome {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::TooLarge { .. } | EncodeError::OverBudget { .. } => Self::TooLarge,
            EncodeError::Unsupported(_) => Self::Unencodable,
        }
    }
}
