use std::{
    collections::VecDeque,
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use super::{
    Peer, ServerConfig, ShutdownReport,
    admitted::Admitted,
    inbox::{Inbox, Queued},
    registry::Registry,
    remote_client::RemoteClient,
    service::AnyService,
    shutdown::SessionsEnded,
};
use crate::{
    Authenticator, ChannelPack, ClientId, CloseReason, SendOutcome, ServerMessage,
    runtime::Runtime,
    session::Session,
    sync::lock,
    time,
    wire::{self, EncodeError},
};

/// What the handles and the tasks of a server share.
pub(crate) struct Shared<C: ChannelPack> {
    pub(super) config: ServerConfig,
    pub(super) authenticator: Authenticator,
    pub(super) url: Url,
    pub(super) runtime: Runtime,
    pub(super) registry: Registry,
    pub(super) inbox: Inbox<C>,
    pub(super) sessions_ended: SessionsEnded,
    session_numbers: AtomicU64,
    /// What handles the events of new sessions, instead of the inbox.
    service: Mutex<Option<Arc<dyn AnyService<C>>>>,
    /// No new sessions.
    stopped: CancellationToken,
    /// No more work for the sessions there are.
    aborted: CancellationToken,
    /// The task that listens.
    pub(super) listening: TaskTracker,
    /// The tasks of connections, to the end of each: they outlast their sessions.
    pub(super) connections: TaskTracker,
}

/// What became of a broadcast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BroadcastOutcome {
    /// Clients in whose outbox the message is.
    pub queued: usize,
    /// Clients that did not get it because their outbox was full.
    pub overflowed: usize,
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
            inbox: Inbox::new(config.inbox_events),
            config,
            authenticator,
            url,
            runtime,
            sessions_ended: SessionsEnded::default(),
            session_numbers: AtomicU64::new(0),
            service: Mutex::new(None),
            stopped: CancellationToken::new(),
            aborted: CancellationToken::new(),
            listening: TaskTracker::new(),
            connections: TaskTracker::new(),
        }
    }

    pub(super) fn next_session_number(&self) -> u64 {
        self.session_numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The future's output, or `None` once no new sessions are wanted.
    pub(super) fn unless_stopped<F: Future>(
        &self,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> {
        self.stopped.run_until_cancelled(future)
    }

    /// Ends with the future, or when the server is given up.
    pub(super) async fn unless_aborted(self: Arc<Self>, future: impl Future<Output = ()>) {
        self.aborted.run_until_cancelled(future).await;
    }

    pub(super) fn service(&self) -> Option<Arc<dyn AnyService<C>>> {
        lock(&self.service).clone()
    }

    /// New sessions are handled by the service from now on. `events` become all those of sessions from before; an id
    /// whose session is over there is not free before they are handled.
    pub(super) fn begin_service(
        self: &Arc<Self>,
        service: Arc<dyn AnyService<C>>,
        events: &mut VecDeque<Queued<C>>,
    ) {
        // Held meanwhile: no session is released without a look at it.
        let mut present = lock(&self.service);
        let mut waiting = VecDeque::new();
        self.inbox.take(&mut waiting);
        events.append(&mut waiting);
        // The last of an id comes first, and is handled last.
        for ended in events.iter().rev().filter(|queued| queued.is_last()) {
            if let Some(admitted) = Admitted::again(self, &ended.client) {
                self.runtime.spawn(async move { admitted.handled().await });
            }
        }
        *present = Some(service);
    }

    /// Frees the id of a session that has ended, unless there is a service that has to handle its events before.
    pub(super) fn release_unless_served(&self, client: &Arc<RemoteClient>) -> bool {
        let service = lock(&self.service);
        if service.is_none() {
            self.registry.release(client);
        }
        service.is_none()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.is_cancelled()
    }

    pub(super) fn send(&self, id: ClientId, message: impl ServerMessage<C>) -> SendOutcome {
        self.encode_for(id, message, |frame| {
            let outcome = self.registry.with(id, |client| client.send(frame));
            outcome.unwrap_or(SendOutcome::NotConnected)
        })
    }

    /// Sends to one session, whether its `Connected` has been taken or not.
    pub(super) fn send_to(
        &self,
        client: &RemoteClient,
        message: impl ServerMessage<C>,
    ) -> SendOutcome {
        self.encode_for(client.id, message, |frame| client.link.call(|session| session.push(frame)))
    }

    fn encode_for(
        &self,
        id: ClientId,
        message: impl ServerMessage<C>,
        send: impl FnOnce(Bytes) -> SendOutcome,
    ) -> SendOutcome {
        match self.encode(message) {
            Ok(frame) => send(frame),
            Err(error) => {
                tracing::error!(client = %id, %error, "a message was not sent");
                error.into()
            }
        }
    }

    pub(super) fn broadcast(&self, message: impl ServerMessage<C>) -> BroadcastOutcome {
        let mut outcome = BroadcastOutcome::default();
        match self.encode(message) {
            Ok(frame) => {
                self.registry.for_each(|client| match client.send(frame.clone()) {
                    SendOutcome::Queued => outcome.queued += 1,
                    SendOutcome::Overflow => outcome.overflowed += 1,
                    _ => {}
                });
            }
            Err(error) => tracing::error!(%error, "a broadcast was not sent"),
        }
        outcome
    }

    fn encode(&self, message: impl ServerMessage<C>) -> Result<Bytes, EncodeError> {
        wire::server_message::<C::ServerMsg>(&message.into(), self.config.max_msg_size)
    }

    pub(super) fn disconnect(&self, id: ClientId, reason: CloseReason) -> SendOutcome {
        match self.open_client(id) {
            Some(client) => {
                client.link.call(|session| session.close(reason));
                SendOutcome::Queued
            }
            None => SendOutcome::NotConnected,
        }
    }

    /// The session that the application means by this id.
    fn open_client(&self, id: ClientId) -> Option<Arc<RemoteClient>> {
        self.registry.get(id).filter(|client| client.is_open())
    }

    pub(super) fn peer(&self, id: ClientId) -> Option<Peer> {
        self.open_client(id).map(|client| client.peer())
    }

    pub(super) fn rtt(&self, id: ClientId) -> Option<Duration> {
        self.open_client(id)?.link.lock().rtt()
    }

    pub(super) fn num_connections(&self) -> usize {
        let mut count = 0;
        self.registry.for_each(|client| count += usize::from(client.is_open()));
        count
    }

    pub(super) fn clients(&self) -> Vec<ClientId> {
        let mut clients = Vec::new();
        self.registry.for_each(|client| {
            if client.is_open() {
                clients.push(client.id);
            }
        });
        clients
    }

    /// Ends everything: the listener, the handshakes, and the sessions after a short time to write what waits.
    pub(super) fn stop(&self) {
        self.end_listening(CloseReason::ShutDown);
        self.registry.for_each(|client| {
            client.link.call(|session| session.close(CloseReason::ShutDown));
        });
        self.end_service();
    }

    /// As [`Shared::stop`], for a server whose events nobody takes any more.
    pub(super) fn abandon(&self) {
        self.stop();
        self.inbox.abandon();
    }

    /// Ends the listener, lets every session finish until the deadline, then ends those that are left.
    pub(super) async fn shutdown(&self, deadline: Duration) -> ShutdownReport {
        let earlier = self.sessions_ended.so_far();
        let retry_after = self.config.retry_after;
        let draining = CloseReason::Draining { retry_after };
        self.end_listening(draining.clone());
        self.registry.for_each(|client| client.link.call(|session| session.drain(retry_after)));
        let finished = async {
            self.listening.wait().await;
            self.registry.emptied().await;
            self.connections.wait().await;
        };
        if time::timeout(deadline, finished).await.is_none() {
            self.registry.for_each(|client| {
                client.link.call(|session| session.core().abort(draining.clone()));
            });
        }
        self.end_service();
        self.listening.wait().await;
        self.registry.emptied().await;
        // What was written last is on its way: a program that ended now would take it back.
        self.connections.wait().await;
        self.sessions_ended.so_far().since(earlier)
    }

    /// Handlers that still run are dropped.
    fn end_service(&self) {
        self.aborted.cancel();
        // It may hold a handle, and with it all this.
        let service = lock(&self.service).take();
        drop(service);
    }

    /// No new sessions from now on.
    pub(super) fn end_listening(&self, reason: CloseReason) {
        self.registry.close(reason);
        self.stopped.cancel();
        self.listening.close();
        self.connections.close();
        self.inbox.close();
    }
}
