use std::{
    fmt,
    future::poll_fn,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use url::Url;

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
};

/// A client of channel `C`: takes the server's events and sends to it, and connects again when the connection is lost.
///
/// Everything else it does, its [`ClientHandle`] does too. When the client is dropped it is
/// [closed](ClientHandle::close).
#[cfg_attr(feature = "bevy", derive(bevy_ecs::resource::Resource))]
pub struct Client<C: ChannelPack> {
    handle: ClientHandle<C>,
    owner: Arc<Owner<C>>,
    /// Events moved out of the shared queue, so that taking one seldom needs its lock. Only reached through
    /// `&mut self`; the mutex makes the client `Sync` where messages are not.
    drained: Mutex<Drained<Queued<C>>>,
}

impl<C: ChannelPack> Client<C> {
    /// A client for the server at `url`, such as `ws://127.0.0.1:9000`, with every setting at its default.
    pub fn builder(url: Url) -> ClientBuilder<C> {
        ClientBuilder::new(super::builder::Target::Url(url))
    }

    /// A client for a server in the same process, without sockets.
    #[cfg(feature = "server")]
    pub fn in_memory(connector: &crate::transport::MemoryConnector) -> ClientBuilder<C> {
        ClientBuilder::new(super::builder::Target::Memory(connector.clone()))
    }

    pub(super) fn new(shared: Arc<Shared<C>>) -> Self {
        let owner = Arc::new(Owner(shared.clone()));
        Self { handle: ClientHandle { shared, owner: None }, owner, drained: Mutex::default() }
    }

    /// The next event, if there is one. Never blocks.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator would end where this goes on later"
    )]
    pub fn next(&mut self) -> Option<ClientEvent<C>> {
        let shared = &self.handle.shared;
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        if drained.is_empty() {
            shared.release_credit(drained.take_credit());
            shared.events.take(drained.buffer());
        }
        drained.next().map(|queued| shared.give(queued))
    }

    /// The next event, as soon as there is one; `None` after [`IsDead`](crate::ClientReport::IsDead). Cancel-safe.
    pub async fn recv(&mut self) -> Option<ClientEvent<C>> {
        let shared = &self.handle.shared;
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        if drained.is_empty() {
            shared.release_credit(drained.take_credit());
            if !poll_fn(|context| shared.events.poll_take(context, drained.buffer())).await {
                return None;
            }
        }
        drained.next().map(|queued| shared.give(queued))
    }

    /// A handle that does everything but take events, and does not keep the client alive.
    pub fn handle(&self) -> ClientHandle<C> {
        self.handle.clone()
    }

    /// Gives up the events, for a client that only [calls](ClientHandle::call): its server's messages are thrown away,
    /// and to be connected is enough to send. The client is closed when the last clone of the handle is dropped.
    pub fn into_handle(mut self) -> ClientHandle<C> {
        let drained = self.drained.get_mut().unwrap_or_else(PoisonError::into_inner);
        while drained.next().is_some() {}
        self.handle.shared.release_credit(drained.take_credit());
        self.handle.shared.ignore_events();
        ClientHandle { shared: self.handle.shared.clone(), owner: Some(self.owner) }
    }
}

/// Closes the client when the last who needs it is gone.
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

/// Does for a [`Client`] from anywhere what the client itself does, save taking events.
///
/// Cloned freely. One from [`Client::handle`] does not keep the client alive: after the client has gone, nothing is sent
/// any more. One from [`Client::into_handle`] does, and so do its clones.
pub struct ClientHandle<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    owner: Option<Arc<Owner<C>>>,
}

impl<C: ChannelPack> ClientHandle<C> {
    /// Sends a one-shot message. While there is no session, or its `Connected` has not been taken, it fails at once.
    pub fn send(&self, message: impl ClientMessage<C>) -> MessageSignal {
        self.shared.send(message)
    }

    /// Makes a request whose end comes as an event. While there is no session, or its `Connected` has not been taken,
    /// it fails at once.
    pub fn request<R: Request<C>>(&self, request: R) -> RequestSignal {
        self.shared.request(request)
    }

    /// Makes a request whose end comes to the returned future alone.
    ///
    /// It is handed over at once if there is a session whose `Connected` has been taken; otherwise the future waits for
    /// one when it is polled, so awaiting it where the events are taken waits for itself. It ends after
    /// [`call_timeout`](crate::ClientConfig::call_timeout) unless told otherwise.
    pub fn call<R: Request<C>>(&self, request: R) -> Call<C, R> {
        Call::new(self.shared.clone(), request)
    }

    /// Ends the client once everything it has accepted for sending is written. The server has five seconds for the message
    /// that is on its way, and a second for each 64 KiB of the others; then it is given up.
    pub fn close(&self) {
        self.shared.close();
    }

    /// Waits until the server has welcomed the client.
    ///
    /// # Errors
    ///
    /// Why the client is dead instead.
    pub async fn ready(&self) -> Result<(), DeathReason> {
        let mut state = self.shared.state.subscribe();
        let settled =
            state.wait_for(|state| !matches!(state, ClientState::Connecting { .. })).await;
        match settled.as_deref() {
            Ok(ClientState::Dead(reason)) => Err(reason.clone()),
            Ok(_) => Ok(()),
            Err(_) => Err(DeathReason::RuntimeGone),
        }
    }

    /// Waits until the client is dead, and says why.
    pub async fn dead(&self) -> DeathReason {
        let mut state = self.shared.state.subscribe();
        match state.wait_for(|state| matches!(state, ClientState::Dead(_))).await.as_deref() {
            Ok(ClientState::Dead(reason)) => reason.clone(),
            _ => DeathReason::RuntimeGone,
        }
    }

    /// What the client is doing.
    pub fn state(&self) -> ClientState {
        self.shared.state.borrow().clone()
    }

    /// Its id, the same for all its sessions.
    pub fn id(&self) -> ClientId {
        self.shared.id
    }

    /// Whether there is a session.
    pub fn is_connected(&self) -> bool {
        matches!(*self.shared.state.borrow(), ClientState::Connected)
    }

    /// Whether it was closed by this side. It may still be writing what it had accepted.
    pub fn is_closed(&self) -> bool {
        self.shared.closed.is_cancelled()
    }

    /// Whether it is dead: it will not connect any more.
    pub fn is_dead(&self) -> bool {
        matches!(*self.shared.state.borrow(), ClientState::Dead(_))
    }

    /// The time of the last heartbeat to the server and back, once one has been measured in this session.
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
