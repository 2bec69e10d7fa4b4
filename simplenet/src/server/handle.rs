use std::{
    fmt,
    future::poll_fn,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use url::Url;

use super::{
    builder::ServerBuilder,
    events::{Peer, ServerDrained, ServerEvent},
    sessions::{RequestToken, ShutdownReport},
    shared::Shared,
};
use crate::{
    channel::{ChannelPack, Request, ServerMessage},
    id::ClientId,
    outcome::{BroadcastOutcome, SendOutcome},
    wire::CloseReason,
};

/// A server of channel `C`. It receives the events of its clients, and sends messages to them.
///
/// A server dereferences to its [`ServerHandle`], which has all methods that do not receive events.
///
/// A message to a client goes to the session of this client whose `Connected` the application has
/// received last. When the server is dropped, its tasks end, its port is free, and its clients are
/// closed with [`ShutDown`](CloseReason::ShutDown).
///
/// ```
/// use simplenet::ServerReport;
///
/// #[simplenet::channel]
/// pub mod greeting {
///     #[server_message]
///     pub struct Greeted(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = greeting::Server::builder().bind_memory()?;
/// let mut client = greeting::Client::in_memory(&connector).connect(());
///
/// // In a frame loop: `while let Some((id, event)) = server.next()`, which never blocks.
/// let Some((id, event)) = server.recv().await else { panic!("the server was shut down") };
/// assert!(matches!(event, greeting::ServerEvent::Report(ServerReport::Connected(..))));
/// assert!(server.send(id, greeting::Greeted("hello".into())).is_queued());
/// # client.recv().await;
/// # let Some(greeting::ClientEvent::Msg(greeting::ServerMsg::Greeted(greeted))) =
/// #     client.recv().await else { panic!() };
/// # assert_eq!(greeted.0, "hello");
/// # Ok(())
/// # }
/// ```
#[cfg_attr(feature = "bevy", derive(bevy_ecs::resource::Resource))]
pub struct Server<C: ChannelPack> {
    handle: ServerHandle<C>,
    /// Events that were drained from the shared queue, so that most calls need not lock the queue.
    /// This field is a `Mutex` only to make the server `Sync` if the message types are not. It is
    /// reached by `get_mut` and never locked.
    drained: Mutex<ServerDrained<C>>,
}

impl<C: ChannelPack> Server<C> {
    /// Creates a builder with default settings.
    pub fn builder() -> ServerBuilder<C> {
        ServerBuilder::new()
    }

    pub(super) fn new(handle: ServerHandle<C>) -> Self {
        Self { handle, drained: Mutex::new(ServerDrained::new()) }
    }

    /// Returns the next event, if there is one. Never blocks.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator that has returned `None` is at its end, and a server is not"
    )]
    pub fn next(&mut self) -> Option<(ClientId, ServerEvent<C>)> {
        let queue = &self.handle.shared.queue;
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        if drained.is_empty() {
            queue.take(drained.release_credit(queue));
        }
        drained.next()
    }

    /// Waits for the next event. Returns `None` once the server is shut down and all events were
    /// received. Cancel-safe.
    pub async fn recv(&mut self) -> Option<(ClientId, ServerEvent<C>)> {
        let queue = &self.handle.shared.queue;
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        if drained.is_empty() {
            let buffer = drained.release_credit(queue);
            let taking = poll_fn(|context| queue.poll_take(context, buffer));
            self.handle.shared.runtime.wait_for("server", taking).await;
        }
        drained.next()
    }

    /// Returns a handle, which has all methods that do not receive events. The handle does not keep
    /// the server alive.
    pub fn handle(&self) -> ServerHandle<C> {
        self.handle.clone()
    }
}

impl<C: ChannelPack> Deref for Server<C> {
    type Target = ServerHandle<C>;

    fn deref(&self) -> &ServerHandle<C> {
        &self.handle
    }
}

impl<C: ChannelPack> Drop for Server<C> {
    fn drop(&mut self) {
        self.handle.shared.stop();
        self.handle.shared.queue.discard();
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

/// A handle of a [`Server`] or a [`Serving`](crate::Serving). It has all methods that do not
/// receive events.
///
/// Clones are cheap. A handle does not keep the server alive: after the server is dropped, nothing
/// is sent.
pub struct ServerHandle<C: ChannelPack> {
    shared: Arc<Shared<C>>,
}

impl<C: ChannelPack> ServerHandle<C> {
    pub(super) fn new(shared: Arc<Shared<C>>) -> Self {
        Self { shared }
    }

    pub(super) fn shared(&self) -> &Arc<Shared<C>> {
        &self.shared
    }

    /// Sends a one-shot message to one client.
    pub fn send(&self, client: impl Into<ClientId>, message: impl ServerMessage<C>) -> SendOutcome {
        let id = client.into();
        self.shared.encode_for(id, message, |frame| {
            let outcome = self.shared.registry.with(id, |client| client.send(frame));
            outcome.unwrap_or(SendOutcome::NotConnected)
        })
    }

    /// Sends a one-shot message to every client whose `Connected` the application has received. The
    /// message is encoded once.
    pub fn broadcast(&self, message: impl ServerMessage<C>) -> BroadcastOutcome {
        let mut outcome = BroadcastOutcome::default();
        match self.shared.encode(message) {
            Ok(frame) => {
                let frame = frame.for_many();
                self.shared.registry.for_each(|client| match client.send(&frame) {
                    SendOutcome::Queued => outcome.queued += 1,
                    SendOutcome::Overflow => outcome.overflowed += 1,
                    SendOutcome::TooLarge => outcome.too_large += 1,
                    _ => {}
                });
            }
            Err(error) => {
                tracing::error!(%error, "broadcast not sent");
                let receivers = self.clients().len();
                match SendOutcome::from(error) {
                    SendOutcome::TooLarge => outcome.too_large = receivers,
                    _ => outcome.unencodable = receivers,
                }
            }
        }
        outcome
    }

    /// Answers a request with a response.
    pub fn respond<R: Request<C>>(
        &self,
        token: RequestToken<C, R>,
        response: R::Response,
    ) -> SendOutcome {
        token.respond(response)
    }

    /// Acknowledges a request without a response.
    pub fn ack<R: Request<C>>(&self, token: RequestToken<C, R>) -> SendOutcome {
        token.ack()
    }

    /// Rejects a request. Dropping the token does the same.
    pub fn reject<R: Request<C>>(&self, token: RequestToken<C, R>) -> SendOutcome {
        token.reject()
    }

    /// Ends a client's session once every message that was sent to the client is written. The
    /// application then receives the `Disconnected` of the session.
    ///
    /// The client has five seconds to receive the messages, and one second more for each 64 KiB
    /// that is still queued. After that, the session is cut off.
    pub fn disconnect(&self, client: impl Into<ClientId>, reason: CloseReason) -> SendOutcome {
        match self.shared.registry.open_client(client.into()) {
            Some(client) => {
                client.link.call(|session| session.close(reason));
                SendOutcome::Queued
            }
            None => SendOutcome::NotConnected,
        }
    }

    /// Shuts the server down. The server stops accepting clients, frees its port, and notifies its
    /// clients. It closes each session once every request of the session is answered and every
    /// message is written.
    ///
    /// A client that reads too slowly is cut off, as described at [`ServerHandle::disconnect`].
    /// When `deadline` has passed, all remaining sessions are cut off. Then the shutdown waits up
    /// to five seconds until the clients have closed their ends. So the clients receive the close
    /// even if the program ends right after the shutdown.
    ///
    /// Requests that arrive during the shutdown are rejected. But as long as the application has
    /// not handled a client's `Connected`, it still receives the requests of this client. The
    /// application must receive and answer the requests in the event queue. So call `shutdown` on a
    /// [`ServerHandle`], and not in the task that receives the events.
    ///
    /// ```
    /// use std::time::Duration;
    /// use simplenet::ClientReport;
    ///
    /// #[simplenet::channel]
    /// pub mod chat {
    ///     #[client_message]
    ///     pub struct Hello;
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut server = chat::Server::builder().bind("127.0.0.1:0")?;
    /// let mut client = chat::Client::builder(server.url()).connect(());
    /// server.recv().await; // `Connected`
    ///
    /// let handle = server.handle();
    /// let receiving = tokio::spawn(async move { while server.recv().await.is_some() {} });
    /// let report = handle.shutdown(Duration::from_secs(5)).await;
    /// assert_eq!((report.flushed, report.cut), (1, 0));
    /// receiving.await?; // The server has no more events.
    ///
    /// client.recv().await; // `Connected`
    /// let end = client.recv().await;
    /// assert!(matches!(end, Some(chat::ClientEvent::Report(ClientReport::Disconnected(_)))));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(&self, deadline: Duration) -> ShutdownReport {
        self.shared.shutdown(deadline).await
    }

    /// Shuts the server down like [`shutdown`](Self::shutdown), and blocks the calling thread
    /// meanwhile. For programs without async code.
    ///
    /// Another thread must receive and answer the requests in the event queue, if there are any.
    /// Async code must not call this method. If the calling thread is the one that runs the tasks
    /// of the server, all sessions are cut.
    ///
    /// ```
    /// # use std::time::Duration;
    /// #[simplenet::channel]
    /// pub mod chat {
    ///     #[client_message]
    ///     pub struct Hello;
    /// }
    ///
    /// fn main() -> Result<(), simplenet::BindError> {
    ///     let server = chat::Server::builder().bind("127.0.0.1:0")?;
    ///     let report = server.shutdown_blocking(Duration::from_secs(5));
    ///     assert_eq!(report.cut, 0);
    ///     Ok(())
    /// }
    /// ```
    #[cfg(not(target_arch = "wasm32"))]
    pub fn shutdown_blocking(&self, deadline: Duration) -> ShutdownReport {
        let shutdown = self.shared.shutdown(deadline);
        // The shutdown ends by itself soon after its deadline.
        self.shared.runtime.block_on(Duration::MAX, shutdown).unwrap_or_default()
    }

    /// Returns the URL of the server's own listener. The URL of a server without a listener is
    /// `memory:` or `axum:`.
    pub fn url(&self) -> Url {
        self.shared.url.clone()
    }

    /// Returns the number of sessions. Unlike [`clients`](Self::clients), this includes the
    /// sessions whose `Connected` the application has not received yet.
    pub fn num_connections(&self) -> usize {
        self.shared.registry.len()
    }

    /// Returns the clients to which the application can send, ordered by id.
    pub fn clients(&self) -> Vec<ClientId> {
        let mut clients = Vec::new();
        self.shared.registry.for_each(|client| {
            if client.is_open() {
                clients.push(client.id);
            }
        });
        clients
    }

    /// Returns the properties of a client. Returns `None` if the application cannot send to the
    /// client.
    pub fn peer(&self, client: impl Into<ClientId>) -> Option<Peer> {
        self.shared.registry.open_client(client.into()).map(|client| client.peer())
    }

    /// Returns the round-trip time of the last heartbeat to a client. Returns `None` until a
    /// heartbeat was answered in the client's session.
    pub fn rtt(&self, client: impl Into<ClientId>) -> Option<Duration> {
        self.shared.registry.open_client(client.into())?.link.lock().rtt()
    }

    /// Returns whether the server has shut down, so that no client can connect any more.
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
