use std::{io, net::SocketAddr};

use tokio::sync::mpsc;
use url::Url;

use super::{BindError, Bound, ServerBuilder};
use crate::{
    channel::ChannelPack,
    origin::AllowedOrigins,
    runtime::Needs,
    server::accept::{Incoming, Listener},
    tls::TlsIdentity,
    transport::{MemoryConnector, MemoryTransport, TransportError, WebSocketLimits},
};

impl<C: ChannelPack, B: Bound<C>> ServerBuilder<C, B> {
    /// Starts a server without sockets, and returns the server and a connector for clients in the
    /// same process.
    ///
    /// Suits tests, and games that run their server in the same process.
    ///
    /// # Errors
    ///
    /// [`BindError::Runtime`].
    pub fn bind_memory(self) -> Result<(B, MemoryConnector), BindError> {
        let runtime = self.find_runtime(Needs::Timers)?;
        let (connector, accepted) = MemoryConnector::new();
        #[expect(clippy::expect_used, reason = "the constant is a valid URL")]
        let url = Url::parse("memory:").expect("valid URL");
        Ok((self.start(runtime, url, MemoryListener(accepted)), connector))
    }
}

/// Accepts the connections of a [`MemoryConnector`].
struct MemoryListener(mpsc::Receiver<MemoryTransport>);

impl Listener for MemoryListener {
    type Incoming = MemoryTransport;

    async fn accept(&mut self) -> io::Result<MemoryTransport> {
        match self.0.recv().await {
            Some(transport) => Ok(transport),
            // All connectors are dropped: no new client can connect, but the sessions continue.
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
