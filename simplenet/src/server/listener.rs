use std::{future::Future, io, net::SocketAddr};

use super::AllowedOrigins;
use crate::{
    net::Listen,
    tls::{AcceptorConfig, TlsIdentity},
    transport::{NativeTransport, Transport, TransportError, WebSocketLimits},
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

/// WebSockets over accepted byte streams.
pub(crate) struct WebSocketListener<L> {
    pub(super) listener: L,
    pub(super) acceptor: AcceptorConfig,
}

pub(crate) struct IncomingStream<S> {
    stream: S,
    address: SocketAddr,
    acceptor: AcceptorConfig,
}

impl<L: Listen> Listener for WebSocketListener<L> {
    type Incoming = IncomingStream<L::Stream>;

    async fn accept(&mut self) -> io::Result<Self::Incoming> {
        let (stream, address) = self.listener.accept().await?;
        Ok(IncomingStream { stream, address, acceptor: self.acceptor.clone() })
    }
}

impl<S> Incoming for IncomingStream<S>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    type Transport = NativeTransport<S>;

    fn address(&self) -> Option<SocketAddr> {
        Some(self.address)
    }

    async fn upgrade(
        self,
        limits: WebSocketLimits,
        origins: &AllowedOrigins,
    ) -> Result<(Self::Transport, Option<TlsIdentity>), TransportError> {
        let accepted = self.acceptor.accept(self.stream).await?;
        let transport = NativeTransport::accept(accepted.stream, limits, origins).await?;
        Ok((transport, accepted.identity))
    }
}
