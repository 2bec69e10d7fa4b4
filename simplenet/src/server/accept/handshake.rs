//! The verification of a client's hello, and the admission of its session.

use std::{future::poll_fn, net::SocketAddr, sync::Arc, task::Poll, time::Duration};

use bytes::Bytes;

use super::{authenticate::PendingPeer, mismatch::mismatch};
use crate::{
    channel::ChannelPack,
    server::{
        events::{Destination, Inbox},
        sessions::{RemoteClient, SessionGuard},
        shared::Shared,
    },
    session::ServerSession,
    time,
    tls::TlsIdentity,
    transport::{Transport, TransportError},
    wire::{self, CloseReason, Hello, HelloError, MAX_HELLO_BYTES, Welcome},
};

/// Reads the hello, verifies it, and admits the session.
///
/// Before every check has passed, the server creates no session, registers no client id, and
/// decodes no type of the application.
pub(super) async fn accept<C: ChannelPack, T: Transport>(
    shared: &Arc<Shared<C>>,
    events: Destination<C>,
    transport: &mut T,
    address: Option<SocketAddr>,
    tls: Option<TlsIdentity>,
) -> Result<SessionGuard<C>, CloseReason> {
    let hello = read_hello(receive(transport).await?)?;
    check_protocol::<C>(shared, &hello)?;
    let pending = PendingPeer { env: hello.environment, address, tls };
    let identity = shared.authenticate(&pending, &hello.auth, None).await?;
    shared.queue.admission().await;
    refuse_early_frame(transport).await?;
    // Decode only after this wait. The decoded message may need much more memory than its bytes,
    // and this memory counts only once the message is queued.
    let connect = wire::decode_sized(&hello.connect, MAX_HELLO_BYTES)
        .map_err(|error| CloseReason::ProtocolViolation(format!("connect message: {error}")))?;

    let accepted_size = hello.extensions.max_msg_size;
    let limits = shared.config.session_limits(accepted_size.and_then(|size| size.try_into().ok()));
    let now = time::now();
    let mut session = ServerSession::new(limits, shared.welcome(), now);
    session.expire_at(shared.expiry(&identity), now);
    let peer = pending.authenticated(identity);
    let inbox = Inbox::new(&shared.queue.inboxes);
    let client = RemoteClient::new(peer, session, inbox, shared.config.max_msg_size);
    SessionGuard::admit(shared, Arc::new(client), events, connect).await
}

async fn receive<T: Transport>(transport: &mut T) -> Result<Bytes, TransportError> {
    poll_fn(|context| transport.poll_receive(context)).await
}

/// Refuses a peer that has sent a message before the answer to its hello.
async fn refuse_early_frame<T: Transport>(transport: &mut T) -> Result<(), CloseReason> {
    match poll_fn(|context| Poll::Ready(transport.poll_receive(context))).await {
        Poll::Ready(Ok(_)) => Err(CloseReason::ProtocolViolation(
            "a message before the answer to the hello".to_owned(),
        )),
        Poll::Ready(Err(error @ (TransportError::Closed(_) | TransportError::Violation(_)))) => {
            Err(error.into())
        }
        // A peer that has closed its writing half still receives the answer.
        Poll::Ready(Err(TransportError::Lost(_) | TransportError::Tls(_))) | Poll::Pending => {
            Ok(())
        }
    }
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
    let mut mismatch = mismatch(&ours, hello);
    // Log at `debug` only: an unauthenticated peer controls the texts, and how often they are
    // logged.
    tracing::debug!(%mismatch, "client of another protocol refused");
    if !shared.config.explain_mismatch {
        mismatch.changes.clear();
        mismatch.omitted = 0;
    }
    Err(CloseReason::ProtocolMismatch(Box::new(mismatch)))
}

impl<C: ChannelPack> Shared<C> {
    fn welcome(&self) -> Bytes {
        let config = &self.config;
        let clamp = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let milliseconds =
            |duration: Duration| u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
        let welcome = Welcome {
            features: 0,
            session: self.next_session_number(),
            max_msg_size: clamp(config.max_msg_size),
            max_in_flight: clamp(config.max_in_flight),
            heartbeat_interval_ms: milliseconds(config.heartbeat().interval()),
            keepalive_timeout_ms: milliseconds(config.heartbeat().timeout()),
        };
        welcome.encode()
    }
}
