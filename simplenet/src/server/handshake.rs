//! From a client's hello to its session.

use std::{future::poll_fn, net::SocketAddr, sync::Arc};

use bytes::Bytes;

use super::{
    Shared, admitted::Admitted, explain::explain, identify::Stranger, remote_client::RemoteClient,
};
use crate::{
    ChannelPack, CloseReason, TlsIdentity,
    session::ServerSession,
    time,
    transport::{Transport, TransportError},
    wire::{self, Hello, HelloError, Welcome},
};

/// From the hello to an admitted session. Nothing that is not accepted gets past it: until then there is neither a
/// session nor an entry under the id it asks for, and no type of the application is decoded.
pub(super) async fn accept<C: ChannelPack, T: Transport>(
    shared: &Arc<Shared<C>>,
    transport: &mut T,
    address: Option<SocketAddr>,
    tls: Option<TlsIdentity>,
) -> Result<Admitted<C>, CloseReason> {
    let hello = read_hello(receive(transport).await?)?;
    check_protocol::<C>(shared, &hello)?;
    let stranger = Stranger { env: hello.environment, address, tls };
    let identity = shared.identify(&stranger, &hello.auth, None).await?;
    shared.inbox.admission().await;
    // Not before: it may be many times as large as its bytes, and counts only once it is in the inbox.
    let connect = wire::decode_sized(&hello.connect)
        .map_err(|error| CloseReason::ProtocolViolation(format!("connect message: {error}")))?;

    let mut session =
        ServerSession::new(shared.config.session_limits(), shared.welcome(), time::now());
    session.expire_at(shared.expiry(&identity));
    let peer = stranger.identified(identity);
    let client = RemoteClient::new(peer, session, shared.config.max_msg_size);
    Admitted::new(shared, Arc::new(client), connect).await
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
    // A stranger chooses how often, and with which texts.
    tracing::debug!(%mismatch, "a client of another protocol was refused");
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
            |duration: std::time::Duration| u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
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
