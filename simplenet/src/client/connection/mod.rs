//! The task of a client: connects, runs the session, and reconnects.

use std::{future::poll_fn, mem, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::select;

mod backoff;
mod credentials;
mod failure_log;
mod renewal;
mod single_token;
#[cfg(all(test, feature = "server"))]
mod tests;

pub(super) use credentials::Credentials;

use self::{backoff::Backoff, failure_log::FailureLog};
use super::{
    death::DeathReason,
    events::{ClientEvent, ClientReport, EventDecoder},
    requests::Waiter,
    shared::Shared,
    state::{ClientState, NotConnected},
};
use crate::{
    channel::ChannelPack,
    driver::{Ended, drive, linger},
    runtime::{MaybeSend, WakeEvents},
    session::{ClientSession, Session},
    time,
    transport::{
        ConnectError, ConnectStep, Connector, HandshakeFailure, Progress, Transport,
        WebSocketLimits,
    },
    wire::{CloseReason, HandshakeReply, Welcome},
};

/// The duration of a session after which the backoff starts again from the shortest wait.
const STABLE_AFTER: Duration = Duration::from_secs(10);

/// Runs the client until it is dead.
pub(super) fn run<C: ChannelPack, K: Connector>(
    shared: Arc<Shared<C>>,
    mut connector: K,
    mut credentials: Credentials,
) -> impl Future<Output = ()> + MaybeSend {
    // Create the task outside of the future. When it is dropped, it marks the client as dead, even
    // if the future was never polled.
    let mut task = ClientTask { shared, sessions: 0, ended: false };
    async move {
        let reason = task.stay_connected(&mut connector, &mut credentials).await;
        task.die(reason);
    }
}

/// The task of a client. When it is dropped, also by the end of its runtime, the client is dead.
struct ClientTask<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    sessions: u64,
    ended: bool,
}

/// The cause of a session's end.
///
/// The cause is determined only once. Otherwise, the report and the reason of the client's death
/// could differ, if the application closes the client when it receives the report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EndedBy {
    /// The application has closed the client.
    Application,
    /// The server has closed the session, or the connection is lost.
    Connection,
}

impl<C: ChannelPack> ClientTask<C> {
    async fn stay_connected<K: Connector>(
        &mut self,
        connector: &mut K,
        credentials: &mut Credentials,
    ) -> DeathReason {
        let shared = self.shared.clone();
        let config = &shared.config;
        let mut backoff = Backoff::new(config.reconnect_interval, config.max_reconnect_interval);
        let mut limit = config.max_initial_connect_attempts;
        let mut attempt: u32 = 1;
        let mut wake_events = WakeEvents::new();
        let mut failures = FailureLog::default();
        loop {
            if credentials.have_certainly_expired(time::now()) {
                return DeathReason::TokenExpired;
            }
            // The handshake needs several times the memory of a session, so its future is on the
            // heap and freed at its end.
            let connecting = Box::pin(connect(&shared, connector, credentials));
            let Some(connected) = shared.closed.run_until_cancelled(connecting).await else {
                return DeathReason::ClosedBySelf;
            };
            let reason = match connected {
                Ok((mut transport, welcome)) => {
                    failures.clear();
                    let began = time::now();
                    let (reason, ended_by) = self
                        .run_session(&mut transport, &welcome, credentials, &mut wake_events)
                        .await;
                    let lasted = time::now().saturating_duration_since(began);
                    if !matches!(reason, CloseReason::Timeout | CloseReason::ConnectionLost(_)) {
                        let closing = linger(Box::new(transport));
                        if ended_by == EndedBy::Application {
                            closing.await;
                        } else {
                            // The server has closed the session, and all its messages are received.
                            // So closing the client can cancel this wait without a loss.
                            shared.closed.run_until_cancelled(closing).await;
                        }
                    }
                    if let Some(death) = self.death_reason_after(&reason, ended_by, credentials) {
                        return death;
                    }
                    if lasted >= STABLE_AFTER {
                        backoff.reset();
                    }
                    attempt = 0;
                    limit = config.max_reconnect_attempts;
                    NotConnected::Lost(reason)
                }
                // The server does not tell the reason, so the clock of this machine is asked.
                Err(ConnectError::Refused(CloseReason::AuthenticationRefused(_)))
                    if credentials.have_expired_by_local_clock() =>
                {
                    return DeathReason::TokenExpired;
                }
                Err(ConnectError::Refused(reason)) if reason.is_terminal() => {
                    return DeathReason::Refused(reason);
                }
                Err(error) if error.is_terminal() => return DeathReason::CannotConnect(error),
                Err(error) if limit.is_some_and(|limit| attempt >= limit) => {
                    return DeathReason::GaveUp { attempts: attempt, last: error };
                }
                Err(error) => NotConnected::Failed(error),
            };
            attempt = attempt.saturating_add(1);
            let retry_after = reason.retry_after();
            let delay = backoff.next(fastrand::f64(), retry_after);
            if let NotConnected::Failed(error) = &reason {
                failures.record(shared.id, error, attempt, delay);
            }
            let connecting = ClientState::Connecting { attempt, delay, reason: reason.clone() };
            shared.state.send_replace(connecting);
            shared.events.push_retrying(ClientReport::Retrying { reason, attempt, delay });
            // Reconnect only once the application has drained events, so that the queue stays
            // bounded.
            let wait = async {
                let waited = time::sleep(delay);
                match retry_after {
                    None => drop(select(pin!(wake_events.next()), waited).await),
                    // A wake event does not shorten a wait that the server has requested.
                    Some(_) => waited.await,
                }
                let mut is_logged = false;
                poll_fn(|context| {
                    shared.link.register(context);
                    let room = shared.events.poll_room();
                    if room.is_pending() && !mem::replace(&mut is_logged, true) {
                        tracing::warn!(
                            client = %shared.id,
                            "the event queue is full (`inbox_events`): the client connects again \
                             once the application receives events"
                        );
                    }
                    room
                })
                .await
            };
            if shared.closed.run_until_cancelled(wait).await.is_none() {
                return DeathReason::ClosedBySelf;
            }
        }
    }

    async fn run_session<T: Transport>(
        &mut self,
        transport: &mut T,
        welcome: &Welcome,
        credentials: &Credentials,
        wake_events: &mut WakeEvents,
    ) -> (CloseReason, EndedBy) {
        let shared = self.shared.clone();
        self.sessions += 1;
        let limits = shared.config.session_limits(welcome);
        *shared.link.lock() = ClientSession::new(self.sessions, limits, time::now());
        // Open the session before the state changes. If events are discarded, a client must be able
        // to send as soon as its state is `Accepted`.
        shared.open_if_discarding();
        shared.state.send_replace(ClientState::Accepted);
        shared.events.push_connected(self.sessions);
        if shared.closed.is_cancelled() {
            shared.close();
        }
        let mut decoder = EventDecoder::new(&shared);
        let probing = async {
            loop {
                wake_events.next().await;
                shared.link.call(|session| session.core().probe(time::now()));
            }
        };
        let renewing = credentials.renew(
            &shared.config,
            || shared.link.lock().expiry(),
            |token| shared.link.call(|session| session.renew(token)),
        );
        let Ended { reason, flushed } = tokio::select! {
            biased;
            ended = drive(&shared.link, transport, &mut decoder) => ended,
            never = probing => never,
            never = renewing => match never {},
        };
        tracing::debug!(client = %shared.id, %reason, flushed, "session ended");
        self.end_session(reason)
    }

    /// Queues the events of the end of a session, and sets the statuses of its requests.
    fn end_session(&self, reason: CloseReason) -> (CloseReason, EndedBy) {
        let shared = &self.shared;
        let ended_by =
            if shared.closed.is_cancelled() { EndedBy::Application } else { EndedBy::Connection };
        let (pending, reason) = {
            let mut session = shared.link.lock();
            let reason = session.refine_reason(reason);
            (session.end(reason.clone()), reason)
        };
        let report = if ended_by == EndedBy::Application {
            ClientReport::ClosedBySelf
        } else if reason.is_application() || reason.is_terminal() {
            ClientReport::ClosedByServer(reason.clone())
        } else {
            ClientReport::Disconnected(reason.clone())
        };
        shared.state.send_replace(ClientState::Connecting {
            attempt: 1,
            delay: Duration::ZERO,
            reason: NotConnected::Lost(reason.clone()),
        });
        shared.events.push_event(ClientEvent::Report(report));
        for ended in pending {
            Waiter::end(ended, &shared.events, &shared.calls);
        }
        (reason, ended_by)
    }

    /// Returns the reason why the client does not reconnect after a session that ended for
    /// `reason`. Returns `None` if the client reconnects.
    fn death_reason_after(
        &self,
        reason: &CloseReason,
        ended_by: EndedBy,
        credentials: &Credentials,
    ) -> Option<DeathReason> {
        let config = &self.shared.config;
        if ended_by == EndedBy::Application {
            return Some(DeathReason::ClosedBySelf);
        }
        if *reason == CloseReason::AuthenticationExpired && credentials.are_single_token() {
            return Some(DeathReason::TokenExpired);
        }
        let reconnects = !reason.is_terminal()
            && if reason.is_application() {
                config.reconnect_on_server_close
            } else {
                config.reconnect_on_disconnect
            };
        (!reconnects).then(|| DeathReason::SessionEnded(reason.clone()))
    }

    fn die(&mut self, reason: DeathReason) {
        self.ended = true;
        self.shared.die(reason);
    }
}

impl<C: ChannelPack> Drop for ClientTask<C> {
    fn drop(&mut self) {
        if !self.ended {
            if !self.shared.link.lock().core().progress().has_ended() {
                let lost = CloseReason::ConnectionLost("the runtime has shut down".into());
                self.end_session(lost);
            }
            self.die(DeathReason::RuntimeGone);
        }
    }
}

/// Connects, sends the hello, and receives the server's welcome, within `connect_timeout`.
async fn connect<C: ChannelPack, K: Connector>(
    shared: &Shared<C>,
    connector: &mut K,
    credentials: &mut Credentials,
) -> Result<(K::Transport, Welcome), ConnectError> {
    let progress = Progress::new();
    let attempt = async {
        let limits = WebSocketLimits::for_frames(shared.config.max_msg_size);
        let hello = credentials.hello(connector).await?;
        let transport = connector.connect(limits, &progress).await?;
        progress.begin(ConnectStep::Welcome);
        welcome(transport, hello).await
    };
    let limit = shared.config.connect_timeout;
    match time::timeout(limit, attempt).await {
        Some(result) => result,
        None => Err(ConnectError::Timeout { step: progress.step(), limit }),
    }
}

/// Sends the hello, and receives the server's welcome.
async fn welcome<T: Transport>(
    mut transport: T,
    hello: Bytes,
) -> Result<(T, Welcome), ConnectError> {
    poll_fn(|context| transport.poll_ready(context)).await?;
    transport.start_send(hello)?;
    poll_fn(|context| transport.poll_flush(context)).await?;
    let reply = poll_fn(|context| transport.poll_receive(context)).await?;
    match HandshakeReply::decode(&reply) {
        Ok(HandshakeReply::Welcome(welcome)) => Ok((transport, welcome)),
        Ok(HandshakeReply::Refused(reason)) => Err(ConnectError::Refused(reason)),
        Err(error) => {
            let failed = HandshakeFailure::Violation(error.to_string());
            // Best effort: tell the server why.
            let _ = transport.start_close(&error.into());
            let _ = poll_fn(|context| transport.poll_flush(context)).await;
            Err(ConnectError::Handshake(failed))
        }
    }
}
