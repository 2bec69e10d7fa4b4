use std::{
    fmt,
    future::poll_fn,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    builder::ClientBuilder,
    death::DeathReason,
    events::{ClientEvent, Queued},
    requests::{Call, MessageSignal, RequestSignal},
    shared::Shared,
    state::ClientState,
};
use crate::{
    channel::{ChannelPack, ClientMessage, Request},
    event_queue::Drained,
    id::ClientId,
    server_url::ServerUrl,
};

/// A client of channel `C`. It receives events, sends messages and requests to the server, and
/// reconnects when the connection is lost.
///
/// A client dereferences to its [`ClientHandle`], which has all methods that do not receive events.
/// Dropping the client [closes](ClientHandle::close) it. Before a program ends, it waits until its
/// client is closed, by [`close_blocking`](ClientHandle::close_blocking) or
/// [`dead`](ClientHandle::dead); otherwise, messages may be lost.
///
/// ```
/// use simplenet::ClientReport;
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[client_message]
///     pub struct Say(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = chat::Server::builder().bind_memory()?;
/// // For a server at a URL: `chat::Client::builder(url)`.
/// let mut client = chat::Client::in_memory(&connector).connect(());
///
/// // In a frame loop: `while let Some(event) = client.next()`, which never blocks.
/// let connected = client.recv().await;
/// assert!(matches!(connected, Some(chat::ClientEvent::Report(ClientReport::Connected))));
/// client.send(chat::Say("hello".into()));
/// # server.recv().await;
/// # let Some((_, chat::ServerEvent::Msg(chat::ClientMsg::Say(said)))) = server.recv().await
/// #     else { panic!() };
/// # assert_eq!(said.0, "hello");
/// # Ok(())
/// # }
/// ```
#[cfg_attr(feature = "bevy", derive(bevy_ecs::resource::Resource))]
pub struct Client<C: ChannelPack> {
    handle: ClientHandle<C>,
    owner: Arc<Owner<C>>,
    /// Events that were drained from the shared queue, so that most calls need not lock the queue.
    /// This field is a `Mutex` only to make the client `Sync` if the message types are not. It is
    /// reached by `get_mut` and never locked.
    drained: Mutex<Drained<Queued<C>>>,
}

impl<C: ChannelPack> Client<C> {
    /// Creates a builder with default settings, for a client of the server at `url`, such as
    /// `"ws://127.0.0.1:9000"`, or a [`Url`](crate::Url). The scheme is `ws`, or `wss` with TLS.
    ///
    /// The server receives path and query. A URL with a fragment, a user name or a password is
    /// refused. The host may be a name, an IPv4 address, or an IPv6 address in brackets, on native
    /// platforms also with a zone: `ws://[fe80::1%eth0]:9000`. If the URL cannot be used, the
    /// client is dead with [`DeathReason::Settings`], which says what to write instead.
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder<C> {
        ClientBuilder::new(super::builder::Target::Url(ServerUrl::parse(url.as_ref())))
    }

    /// Creates a builder for a client of a server in the same process, without sockets.
    #[cfg(feature = "server")]
    pub fn in_memory(connector: &crate::transport::MemoryConnector) -> ClientBuilder<C> {
        ClientBuilder::new(super::builder::Target::Memory(connector.clone()))
    }

    pub(super) fn new(shared: Arc<Shared<C>>) -> Self {
        let owner = Arc::new(Owner(shared.clone()));
        Self { handle: ClientHandle { shared, owner: None }, owner, drained: Mutex::default() }
    }

    /// Returns the next event, if there is one. Never blocks.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator that has returned `None` is at its end, and a client is not"
    )]
    pub fn next(&mut self) -> Option<ClientEvent<C>> {
        let shared = &self.handle.shared;
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        if drained.is_empty() {
            shared.release_credit(drained.take_credit());
            shared.events.take(drained.buffer());
        }
        drained.next().map(|queued| shared.deliver(queued))
    }

    /// Waits for the next event. Returns `None` after [`IsDead`](crate::ClientReport::IsDead).
    /// Cancel-safe.
    pub async fn recv(&mut self) -> Option<ClientEvent<C>> {
        let shared = &self.handle.shared;
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        if drained.is_empty() {
            shared.release_credit(drained.take_credit());
            let taking = poll_fn(|context| shared.events.poll_take(context, drained.buffer()));
            if !shared.wait_for(taking).await {
                return None;
            }
        }
        drained.next().map(|queued| shared.deliver(queued))
    }

    /// Returns a handle, which has all methods that do not receive events. The handle does not keep
    /// the client alive.
    pub fn handle(&self) -> ClientHandle<C> {
        self.handle.clone()
    }

    /// Discards the events, and returns a handle that keeps the client alive. Suits a client that
    /// only makes [calls](ClientHandle::call).
    ///
    /// The server's messages are dropped, and the client can send as soon as it is connected. The
    /// client is closed when the last clone of the handle is dropped.
    pub fn into_handle(mut self) -> ClientHandle<C> {
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        while drained.next().is_some() {}
        self.handle.shared.release_credit(drained.take_credit());
        self.handle.shared.discard_events();
        ClientHandle { shared: self.handle.shared.clone(), owner: Some(self.owner) }
    }
}

/// The owner of a client, shared by all handles that keep the client alive. Closes the client when
/// the last of these handles is dropped.
struct Owner<C: ChannelPack>(Arc<Shared<C>>);

impl<C: ChannelPack> Drop for Owner<C> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<C: ChannelPack> Deref for Client<C> {
    type Target = ClientHandle<C>;

    fn deref(&self) -> &ClientHandle<C> {
        &self.handle
    }
}

impl<C: ChannelPack> fmt::Debug for Client<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("protocol", &C::PROTOCOL)
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

/// A handle of a [`Client`]. It has all methods that do not receive events.
///
/// Clones are cheap. A handle from [`Client::handle`] does not keep the client alive: after the
/// client is dropped, nothing is sent. A handle from [`Client::into_handle`] and its clones keep
/// the client alive.
pub struct ClientHandle<C: ChannelPack> {
    pub(super) shared: Arc<Shared<C>>,
    owner: Option<Arc<Owner<C>>>,
}

impl<C: ChannelPack> ClientHandle<C> {
    /// Sends a one-shot message. If there is no session, or if the application has not received the
    /// `Connected` of the session yet, the message fails at once.
    pub fn send(&self, message: impl ClientMessage<C>) -> MessageSignal {
        self.shared.send(message)
    }

    /// Sends a request whose answer is an event. If there is no session, or if the application has
    /// not received the `Connected` of the session yet, the request fails at once.
    pub fn request<R: Request<C>>(&self, request: R) -> RequestSignal {
        self.shared.request(request)
    }

    /// Sends a request and returns a future of its response. The request has no event.
    ///
    /// The request is queued at once if the application has received the `Connected` of the present
    /// session. Otherwise the future waits until the application has received the next `Connected`.
    /// So the task that receives the events must not await calls. Without an answer, the call fails
    /// after [`call_timeout`](crate::ClientConfig::call_timeout), or after the time that
    /// [`Call::timeout`] sets instead.
    ///
    /// ```
    /// #[simplenet::channel]
    /// pub mod math {
    ///     #[request(Sum)]
    ///     pub struct Add(pub u32, pub u32);
    ///     pub struct Sum(pub u32);
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (mut server, connector) = math::Server::builder().bind_memory()?;
    /// tokio::spawn(async move {
    ///     while let Some((_, event)) = server.recv().await {
    ///         if let math::ServerEvent::Request(math::IncomingRequest::Add(add, token)) = event {
    ///             server.respond(token, math::Sum(add.0 + add.1));
    ///         }
    ///     }
    /// });
    ///
    /// let client = math::Client::in_memory(&connector).connect(()).into_handle();
    /// assert_eq!(client.call(math::Add(1, 2)).await?, math::Sum(3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn call<R: Request<C>>(&self, request: R) -> Call<C, R> {
        Call::new(self.shared.clone(), request)
    }

    /// Closes the client once every message that was sent is written.
    ///
    /// The server has five seconds to receive the messages, and one second more for each 64 KiB
    /// that is still queued. After that, the connection is cut off.
    ///
    /// This method returns at once. A program that ends right after it may lose messages. So first
    /// await [`dead`](Self::dead), or call [`close_blocking`](Self::close_blocking) in a program
    /// without async code.
    pub fn close(&self) {
        self.shared.close();
    }

    /// Waits until the server has accepted the client.
    ///
    /// A client that cannot connect tries again, so the wait may be long. [`state`](Self::state)
    /// returns the reason, and a [`call`](Self::call) has a deadline.
    ///
    /// # Errors
    ///
    /// The reason why the client is dead, if it cannot connect any more.
    pub async fn ready(&self) -> Result<(), DeathReason> {
        let mut state = self.shared.state.subscribe();
        let decided = state.wait_for(|state| !matches!(state, ClientState::Connecting { .. }));
        match self.shared.wait_for(decided).await.as_deref() {
            Ok(ClientState::Dead(reason)) => Err(reason.clone()),
            Ok(_) => Ok(()),
            Err(_) => Err(DeathReason::RuntimeGone),
        }
    }

    /// Waits until the client is dead, and returns the reason.
    pub async fn dead(&self) -> DeathReason {
        let mut state = self.shared.state.subscribe();
        let dead = state.wait_for(|state| matches!(state, ClientState::Dead(_)));
        match self.shared.wait_for(dead).await.as_deref() {
            Ok(ClientState::Dead(reason)) => reason.clone(),
            _ => DeathReason::RuntimeGone,
        }
    }

    /// Returns the state of the connection.
    pub fn state(&self) -> ClientState {
        self.shared.state.borrow().clone()
    }

    /// Returns the id of the client, which is the same in all its sessions.
    pub fn id(&self) -> ClientId {
        self.shared.id
    }

    /// Returns whether the client can send. It can once the application has received the
    /// `Connected` of the present session. The [`state`](Self::state) becomes
    /// [`Accepted`](ClientState::Accepted) earlier, when the server accepts the client.
    pub fn is_connected(&self) -> bool {
        self.shared.link.lock().is_open()
    }

    /// Returns whether the client never connects again, because it is dead or because
    /// [`close`](Self::close) was called. A closed client may still write earlier messages.
    pub fn is_closed(&self) -> bool {
        self.shared.closed.is_cancelled() || self.is_dead()
    }

    /// Returns whether the client is dead: it does not connect any more.
    pub fn is_dead(&self) -> bool {
        matches!(*self.shared.state.borrow(), ClientState::Dead(_))
    }

    /// Returns the round-trip time of the last heartbeat to the server. Returns `None` until a
    /// heartbeat was answered in this session.
    pub fn rtt(&self) -> Option<Duration> {
        self.shared.link.lock().rtt()
    }
}

impl<C: ChannelPack> Clone for ClientHandle<C> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), owner: self.owner.clone() }
    }
}

impl<C: ChannelPack> fmt::Debug for ClientHandle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientHandle({:?}, {:?})", C::PROTOCOL, self.id())
    }
}
