use std::{future::Future, io, net::SocketAddr};

use crate::{
    origin::AllowedOrigins,
    tls::TlsIdentity,
    transport::{Transport, TransportError, WebSocketLimits},
};

/// A source of a server's connections.
pub(crate) trait Listener: Send + 'static {
    type Incoming: Incoming;

    /// Waits for the next connection. Cancel-safe.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Incoming>> + Send;
}

/// A connection before its first byte is read.
pub(crate) trait Incoming: Send + 'static {
    type Transport: Transport + Send;

    fn address(&self) -> Option<SocketAddr>;

    /// Performs the TLS handshake, if there is one, and the WebSocket upgrade. Returns the
    /// transport, and the client's verified certificate, if there is one.
    fn upgrade(
        self,
        limits: WebSocketLimits,
        origins: &AllowedOrigins,
    ) -> impl Future<Output = Result<(Self::Transport, Option<TlsIdentity>), TransportError>> + Send;
}
