//! One connection of a server, from the first byte to the last: handshake, session, farewell.

use std::{
    future::poll_fn,
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::{
    Peer, ServerEvent, ServerReport, Shared,
    explain::explain,
    inbox::{Inbox, Queued},
    listener::Incoming,
    remote_client::RemoteClient,
    request_token::RawToken,
};
use crate::{
    ChannelPack, CloseReason,
    driver::{Application, drive, linger},
    session::{ServerSession, ServerSessionEvent},
    time::{self, Instant},
    transport::{Transport, TransportError, WebSocketLimits},
    wire::{self, Auth, Hello, HelloError, Welcome, encode_refused},
};

/// Serves one connection to its end.
///
/// `pending` is its place among the connections that are not accepted yet.
pub(super) async fn serve<C: ChannelPack, I: Incoming>(
    shared: Arc<Shared<C>>,
    incoming: I,
    pending: OwnedSemaphorePermit,
) {
    let address = incoming.address();
    let deadline = time::deadline(shared.config.auth_timeout);
    let Some(mut transport) =
        shared.unless_stopped(open(&shared, incoming, deadline)).await.flatten()
    else {
        return;
    };
    let accepting = time::timeout_at(deadline, accept(&shared, &mut transport, address));
    let accepted = match shared.unless_stopped(accepting).await {
        Some(accepted) => accepted.unwrap_or(Err(CloseReason::Timeout)),
        None => Err(CloseReason::ShutDown),
    };
    match accepted {
        Ok(admitted) => {
            drop(pending);
            admitted.run(&mut transport).await;
        }
        Err(reason) => {
            tracing::debug!(?address, %reason, "a client was refused");
            refuse(&mut transport, &reason).await;
        }
    }
    linger(&mut transport).await;
}

/// The WebSocket upgrade.
async fn open<C: ChannelPack, I: Incoming>(
    shared: &Shared<C>,
    incoming: I,
    deadline: Instant,
) -> Option<I::Transport> {
    let limits = WebSocketLimits { max_msg_size: shared.config.max_msg_size };
    let address = incoming.address();
    match time::timeout_at(deadline, incoming.upgrade(limits)).await {
        Some(Ok(transport)) => Some(transport),
        Some(Err(error)) => {
            tracing::debug!(?address, reason = %CloseReason::from(error), "no WebSocket handshake");
            None
        }
        None => {
            tracing::debug!(?address, "the WebSocket handshake took too long");
            None
        }
    }
}

/// From the hello to an admitted session. Nothing that is not accepted gets past it: until then there is neither a
/// session nor an entry under the id it asks for, and no type of the application is decoded.
async fn accept<C: ChannelPack, T: Transport>(
    shared: &Arc<Shared<C>>,
    transport: &mut T,
    address: Option<SocketAddr>,
) -> Result<Admitted<C>, CloseReason> {
    let hello = read_hello(receive(transport).await?)?;
    check_protocol::<C>(shared, &hello)?;
    let id = authenticate(shared, &hello.auth)?;
    let connect: C::ConnectMsg = wire::decode(&hello.connect)
        .map_err(|error| CloseReason::ProtocolViolation(format!("connect message: {error}")))?;
    shared.inbox.admission().await;

    let session = ServerSession::new(shared.config.session_limits(), shared.welcome(), time::now());
    let peer = Peer { env: hello.environment, address };
    let client = RemoteClient::new(id, peer.clone(), session, shared.config.max_msg_size);
    Admitted::new(shared, Arc::new(client), ServerReport::Connected(peer, connect))
}

async fn receive<T: Transport>(transport: &mut T) -> Result<Bytes, TransportError> {
    poll_fn(|context| transport.poll_receive(context)).await
}

fn read_hello(frame: Bytes) -> Result<Hello, CloseReason> {
    Hello::decode(frame).map_err(|error| match error {
        HelloError::Version(theirs) => {
            CloseReason::WireVersion { ours: wire::WIRE_VERSION, theirs: Some(theirs) }
        }
        HelloError::Frame(error) => error.into(),
    })
}

fn check_protocol<C: ChannelPack>(shared: &Shared<C>, hello: &Hello) -> Result<(), CloseReason> {
    let ours = C::PROTOCOL;
    if hello.protocol == ours.hash() && hello.channel == ours.name() {
        return Ok(());
    }
    let mut mismatch = explain(&ours, hello);
    tracing::warn!(%mismatch, "a client of another protocol was refused");
    if !shared.config.explain_mismatch {
        mismatch.changes.clear();
        mismatch.omitted = 0;
    }
    Err(CloseReason::ProtocolMismatch(Box::new(mismatch)))
}

fn authenticate<C: ChannelPack>(
    shared: &Shared<C>,
    auth: &Auth,
) -> Result<crate::ClientId, CloseReason> {
    // One and the same refusal, whatever was wrong.
    shared
        .authenticator
        .authenticate(auth)
        .ok_or_else(|| CloseReason::AuthenticationRefused(String::new()))
}

async fn refuse<T: Transport>(transport: &mut T, reason: &CloseReason) {
    // Best effort: who is refused may be gone already.
    let _ = poll_fn(|context| transport.poll_ready(context)).await;
    let _ = transport.start_send(encode_refused(reason));
    let _ = transport.start_close(reason);
}

/// A session in the registry whose `Connected` is queued. However it ends, by a panic too, its `Disconnected` follows
/// and its id is free again.
struct Admitted<C: ChannelPack> {
    shared: Arc<Shared<C>>,
    client: Arc<RemoteClient>,
    reason: CloseReason,
}

impl<C: ChannelPack> Admitted<C> {
    fn new(
        shared: &Arc<Shared<C>>,
        client: Arc<RemoteClient>,
        connected: ServerReport<C::ConnectMsg>,
    ) -> Result<Self, CloseReason> {
        shared.registry.claim(&client)?;
        shared.inbox.begin(&client, connected);
        let reason = CloseReason::ConnectionLost("the connection's task ended".into());
        Ok(Self { shared: shared.clone(), client, reason })
    }

    async fn run<T: Transport>(mut self, transport: &mut T) {
        let mut intake =
            Intake { inbox: &self.shared.inbox, client: self.client.clone(), events: Vec::new() };
        self.reason = drive(&self.client.link, transport, &mut intake).await;
        tracing::debug!(client = %self.client.id, reason = %self.reason, "a session ended");
    }
}

impl<C: ChannelPack> Drop for Admitted<C> {
    fn drop(&mut self) {
        self.client.link.end(self.reason.clone());
        self.shared.sessions_ended.note(&self.reason);
        self.shared.inbox.end(&self.client, ServerReport::Disconnected(self.reason.clone()));
        self.shared.registry.release(self.client.id);
    }
}

/// Decodes a session's events into the inbox.
struct Intake<'a, C: ChannelPack> {
    inbox: &'a Inbox<C>,
    client: Arc<RemoteClient>,
    events: Vec<Queued<C>>,
}

impl<C: ChannelPack> Intake<'_, C> {
    fn decode(&self, event: ServerSessionEvent) -> Result<Queued<C>, CloseReason> {
        let malformed = |error| CloseReason::ProtocolViolation(format!("malformed: {error}"));
        let (event, size) = match event {
            ServerSessionEvent::Message(payload) => {
                let message = wire::decode(&payload).map_err(malformed)?;
                (ServerEvent::Msg(message), payload.len())
            }
            ServerSessionEvent::Request(id, payload) => {
                // First of all, so that the request ends even if it cannot be decoded.
                let token = RawToken::new(self.client.clone(), id);
                let request = wire::decode(&payload).map_err(malformed)?;
                (ServerEvent::Request(C::incoming(request, token)), payload.len())
            }
        };
        Ok(Queued { client: self.client.clone(), event, weight: 1 + size / 1024 })
    }
}

impl<C: ChannelPack> Application<ServerSessionEvent> for Intake<'_, C> {
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        self.client.poll_room(self.inbox.share())
    }

    fn deliver(&mut self, events: &mut Vec<ServerSessionEvent>) -> Result<(), CloseReason> {
        let mut result = Ok(());
        let mut weight = 0;
        for event in events.drain(..) {
            match self.decode(event) {
                Ok(queued) => {
                    weight += queued.weight;
                    self.events.push(queued);
                }
                Err(reason) => {
                    result = Err(reason);
                    break;
                }
            }
        }
        self.client.charge(weight);
        self.inbox.push(&mut self.events);
        result
    }
}

impl<C: ChannelPack> Shared<C> {
    fn welcome(&self) -> Bytes {
        let config = &self.config;
        let clamp = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let milliseconds =
            |duration: std::time::Duration| u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
        let welcome = Welcome {
            features: 0,
            session: self.next_session_number(),
            max_msg_size: clamp(config.max_msg_size),
            max_in_flight: clamp(config.max_in_flight),
            heartbeat_interval_ms: milliseconds(config.heartbeat_interval),
            keepalive_timeout_ms: milliseconds(config.keepalive_timeout),
        };
        welcome.encode()
    }
}
