use std::{
    fmt,
    future::poll_fn,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use url::Url;

use super::{
    BroadcastOutcome, Peer, RequestToken, ServerBuilder, ServerEvent, ServerReport, Serves, Shared,
    ShutdownReport,
    inbox::Queued,
    service::{AnyService, EarlierSessions, Typed},
    taken::Taken,
};
use crate::{ChannelPack, ClientId, CloseReason, Request, SendOutcome, ServerMessage};

/// A server of channel `C`: takes the events of its clients and sends to them.
///
/// What is sent to a client means the session whose `Connected` the application has last taken. When the server is
/// dropped, its tasks end, its port is free, and its clients are told
/// [`ShutDown`](CloseReason::ShutDown).
#[cfg_attr(feature = "bevy", derive(bevy_ecs::resource::Resource))]
pub struct Server<C: ChannelPack> {
    handle: ServerHandle<C>,
    /// Events moved out of the shared queue, so that taking one seldom needs its lock. Only reached through
    /// `&mut self`; the mutex makes the server `Sync` where messages are not.
    taken: Mutex<Taken<C>>,
}

impl<C: ChannelPack> Server<C> {
    /// A server with every setting at its default.
    pub fn builder() -> ServerBuilder<C> {
        ServerBuilder::new()
    }

    pub(super) fn new(shared: Arc<Shared<C>>) -> Self {
        Self { handle: ServerHandle::new(shared), taken: Mutex::new(Taken::new()) }
    }

    /// The next event, if there is one. Never blocks.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator would end where this goes on later"
    )]
    pub fn next(&mut self) -> Option<(ClientId, ServerEvent<C>)> {
        let shared = &self.handle.shared;
        let taken = self.taken.get_mut().unwrap_or_else(PoisonError::into_inner);
        if taken.is_empty() {
            shared.inbox.take(taken.settle(&shared.inbox));
        }
        give(taken)
    }

    /// The next event, as soon as there is one; `None` once the server is shut down and everything is taken.
    /// Cancel-safe.
    pub async fn recv(&mut self) -> Option<(ClientId, ServerEvent<C>)> {
        give(self.filled().await)
    }

    /// With an event at least, unless none can come any more.
    async fn filled(&mut self) -> &mut Taken<C> {
        let inbox = &self.handle.shared.inbox;
        let taken = self.taken.get_mut().unwrap_or_else(PoisonError::into_inner);
        if taken.is_empty() {
            let events = taken.settle(inbox);
            poll_fn(|context| inbox.poll_take(context, events)).await;
        }
        taken
    }

    /// Lets a service handle everything, instead of taking events: until the server is shut down by a
    /// [`ServerHandle`], or the future is dropped.
    ///
    /// The handlers of a client run on that client's own task, messages one after the other, requests side by side. A
    /// slow or panicking handler harms only its own client. When a session is over, its running request handlers are
    /// dropped, its remaining messages are handled, and then its `disconnected` hook runs; only after that can the
    /// client come back.
    pub async fn serve<S>(mut self, service: S)
    where
        C: Serves<S>,
        S: Send + Sync + 'static,
    {
        let service: Arc<dyn AnyService<C>> = Arc::new(Typed(service));
        let shared = self.handle.shared.clone();
        let taken = self.taken.get_mut().unwrap_or_else(PoisonError::into_inner);
        shared.begin_service(service.clone(), taken.events());
        let mut earlier = EarlierSessions::new(shared, service);
        while let Some(queued) = self.filled().await.next() {
            earlier.push(queued);
        }
    }

    /// A handle that does everything but take events, and does not keep the server alive.
    pub fn handle(&self) -> ServerHandle<C> {
        self.handle.clone()
    }
}

/// An event leaves the queue for the application.
fn give<C: ChannelPack>(taken: &mut Taken<C>) -> Option<(ClientId, ServerEvent<C>)> {
    let queued = taken.next()?;
    let weight = queued.weight_in_share();
    let Queued { client, event, .. } = queued;
    let id = client.id;
    if let ServerEvent::Report(ServerReport::Connected(..)) = &event {
        taken.connected(client.clone());
    }
    taken.given(client, weight);
    Some((id, event))
}

impl<C: ChannelPack> Deref for Server<C> {
    type Target = ServerHandle<C>;

    fn deref(&self) -> &ServerHandle<C> {
        &self.handle
    }
}

impl<C: ChannelPack> Drop for Server<C> {
    fn drop(&mut self) {
        self.handle.shared.abandon();
    }
}

impl<C: ChannelPack> fmt::Debug for Server<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("protocol", &C::PROTOCOL)
            .field("url", &self.handle.shared.url.as_str())
            .finish_non_exhaustive()
    }
}

/// Does for a [`Server`] from anywhere what the server itself does, save taking events.
///
/// Cloned freely. It does not keep the server alive: after the server has gone, nothing is sent any more.
pub struct ServerHandle<C: ChannelPack> {
    shared: Arc<Shared<C>>,
}

impl<C: ChannelPack> ServerHandle<C> {
    pub(super) fn new(shared: Arc<Shared<C>>) -> Self {
        Self { shared }
    }

    pub(super) fn shared(&self) -> &Shared<C> {
        &self.shared
    }

    /// Sends a one-shot message to one client.
    pub fn send(&self, client: impl Into<ClientId>, message: impl ServerMessage<C>) -> SendOutcome {
        self.shared.send(client.into(), message)
    }

    /// Sends a one-shot message to every client whose `Connected` has been taken. It is encoded once.
    pub fn broadcast(&self, message: impl ServerMessage<C>) -> BroadcastOutcome {
        self.shared.broadcast(message)
    }

    /// Answers a request with a response.
    pub fn respond<R: Request<C>>(
        &self,
        token: RequestToken<C, R>,
        response: R::Response,
    ) -> SendOutcome {
        token.respond(response)
    }

    /// Answers that a request was received, where no response is called for.
    pub fn ack<R: Request<C>>(&self, token: RequestToken<C, R>) -> SendOutcome {
        token.ack()
    }

    /// Answers that a request will not be served. Dropping the token does the same.
    pub fn reject<R: Request<C>>(&self, token: RequestToken<C, R>) -> SendOutcome {
        token.reject()
    }

    /// Ends a client's session once everything sent to it before is written. Its `Disconnected` follows. The client has five
    /// seconds for the message that is on its way, and a second for each 64 KiB of the others; then it is cut off.
    pub fn disconnect(&self, client: impl Into<ClientId>, reason: CloseReason) -> SendOutcome {
        self.shared.disconnect(client.into(), reason)
    }

    /// Stops accepting and frees the port, tells the clients, waits until every request is answered and everything is
    /// written, then closes; at the deadline, whoever is left is cut off, and whoever is too slow before it, as by
    /// [`ServerHandle::disconnect`]. Then the clients have up to five seconds more to close their ends, so that a program
    /// which ends afterwards takes nothing back. Requests that come later are rejected, save those of a client whose
    /// `Connected` is yet to be handled.
    ///
    /// Requests that wait to be taken are answered only if somebody takes them meanwhile: to answer while shutting
    /// down, call it on a [`ServerHandle`] from another task.
    pub async fn shutdown(&self, deadline: Duration) -> ShutdownReport {
        self.shared.shutdown(deadline).await
    }

    /// Where clients connect: the URL of its own listener. A server without one has `memory:` or `axum:`, which only
    /// names the kind.
    pub fn url(&self) -> Url {
        self.shared.url.clone()
    }

    /// How many clients can be sent to.
    pub fn num_connections(&self) -> usize {
        self.shared.num_connections()
    }

    /// The clients that can be sent to, ordered by id.
    pub fn clients(&self) -> Vec<ClientId> {
        self.shared.clients()
    }

    /// What is known of a client that can be sent to.
    pub fn peer(&self, client: impl Into<ClientId>) -> Option<Peer> {
        self.shared.peer(client.into())
    }

    /// The time of the last heartbeat to a client and back, once one has been measured in its session.
    pub fn rtt(&self, client: impl Into<ClientId>) -> Option<Duration> {
        self.shared.rtt(client.into())
    }

    /// Whether the server has shut down: no client can connect any more.
    pub fn is_dead(&self) -> bool {
        self.shared.is_stopped()
    }
}

impl<C: ChannelPack> Clone for ServerHandle<C> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<C: ChannelPack> fmt::Debug for ServerHandle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerHandle({:?})", C::PROTOCOL)
    }
}
