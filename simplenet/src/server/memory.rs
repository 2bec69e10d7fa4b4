use std::{fmt, io, net::SocketAddr};

use tokio::sync::mpsc;

use super::{
    AllowedOrigins,
    listener::{Incoming, Listener},
};
use crate::{
    tls::TlsIdentity,
    transport::{MemoryTransport, TransportError, WebSocketLimits, memory_pair},
};

/// Connects any number of clients to a server in the same process, without sockets; see
/// [`ServerBuilder::bind_memory`](crate::ServerBuilder::bind_memory).
#[derive(Clone)]
pub struct MemoryConnector {
    incoming: mpsc::Sender<MemoryTransport>,
}

impl MemoryConnector {
    pub(super) fn new() -> (Self, MemoryListener) {
        let (incoming, accepted) = mpsc::channel(BACKLOG);
        (Self { incoming }, MemoryListener(accepted))
    }

    /// The client's end of a new connection; `None` when the server is gone.
    pub(crate) async fn connect(&self) -> Option<MemoryTransport> {
        let (client, server) = memory_pair();
        self.incoming.send(server).await.ok()?;
        Some(client)
    }
}

/// Connections that wait to be accepted.
const BACKLOG: usize = 64;

impl fmt::Debug for MemoryConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryConnector")
    }
}

/// Where the connections of a [`MemoryConnector`] arrive.
pub(super) struct MemoryListener(mpsc::Receiver<MemoryTransport>);

impl Listener for MemoryListener {
    type Incoming = MemoryTransport;

    async fn accept(&mut self) -> io::Result<MemoryTransport> {
        match self.0.recv().await {
            Some(transport) => Ok(transport),
            // Nobody can connect any more, but those who are connected go on.
            None => std::future::pending().await,
        }
    }
}

impl Incoming for MemoryTransport {
    type Transport = Self;

    fn address(&self) -> Option<SocketAddr> {
        None
    }

    async fn upgrade(
        self,
        _: WebSocketLimits,
        _: &AllowedOrigins,
    ) -> Result<(Self, Option<TlsIdentity>), TransportError> {
        Ok((self, None))
    }
}
