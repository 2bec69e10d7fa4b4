use std::{future::Future, io, net::SocketAddr};

use super::AllowedOrigins;
use crate::{
    TlsIdentity,
    transport::{Transport, TransportError, WebSocketLimits},
};

/// Where a server's connections come from.
pub(crate) trait Listener: Send + 'static {
    type Incoming: Incoming;

    /// The next connection. Cancel-safe.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Incoming>> + Send;
}

/// A connection that has not said anything yet.
pub(crate) trait Incoming: Send + 'static {
    type Transport: Transport + Send;

    fn address(&self) -> Option<SocketAddr>;

    /// Makes it carry frames, and says who it comes from where TLS tells.
    fn upgrade(
        self,
        limits: WebSocketLimits,
        origins: &AllowedOrigins,
    ) -> impl Future<Output = Result<(Self::Transport, Option<TlsIdentity>), TransportError>> + Send;
}
