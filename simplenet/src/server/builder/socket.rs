//! Servers that listen on a socket.

#![cfg(not(target_arch = "wasm32"))]

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime::Handle,
};

use super::{
    BindError, Bound, ServerBuilder,
    listen::{listen, look_up},
};
use crate::{
    channel::ChannelPack,
    net::Listen,
    origin::AllowedOrigins,
    runtime::{Needs, Runtime},
    server::accept::{Incoming, Listener},
    server_url::url_of_listener,
    tls::{AcceptorConfig, TlsIdentity},
    transport::{HANDSHAKE_BYTES, NativeTransport, TransportError, WebSocketLimits},
};

impl<C: ChannelPack, B: Bound<C>> ServerBuilder<C, B> {
    /// Sets the tokio runtime of the server's tasks. Default: the runtime in which the server is
    /// bound. If there is none, simplenet starts a runtime in the background, with two threads.
    ///
    /// The server works only while the runtime runs its tasks. A runtime of
    /// `Builder::new_current_thread` runs them only during `block_on`. If nothing has run the
    /// server's task within a second, simplenet logs a warning. The runtime needs
    /// `Builder::enable_all`: without timers or an IO driver, the `bind` methods fail with
    /// [`BindError::Runtime`].
    pub fn runtime(mut self, handle: Handle) -> Self {
        self.runtime = Some(handle.into());
        self
    }

    /// Sets the acceptor of byte streams, which performs TLS. Default: [`AcceptorConfig::Default`],
    /// without TLS.
    pub fn acceptor(mut self, acceptor: AcceptorConfig) -> Self {
        self.acceptor = acceptor;
        self
    }

    /// Listens on the address, such as `"127.0.0.1:9000"` for clients on this machine,
    /// `"0.0.0.0:9000"` for clients in all IPv4 networks, or `"[::]:9000"` for all networks. If the
    /// text names several addresses, the server listens on the first one that it can listen on. For
    /// port 0, the operating system chooses the port, which is part of
    /// [`url`](crate::ServerHandle::url).
    ///
    /// # Errors
    ///
    /// See [`BindError`], whose text says what to do.
    pub fn bind(self, address: impl ToSocketAddrs + fmt::Debug) -> Result<B, BindError> {
        let addresses = look_up(&address)?;
        let runtime = self.find_runtime(Needs::TimersAndSockets)?;
        let (listener, address) = runtime.enter(|| listen(&addresses))?;
        Ok(self.start_websockets(runtime, address, listener))
    }

    /// Serves the byte streams of a given listener, such as the listener of a simulated network.
    ///
    /// # Errors
    ///
    /// See [`BindError`].
    #[doc(hidden)]
    pub fn bind_listener<L: Listen>(self, listener: L) -> Result<B, BindError> {
        let address = listener.local_addr().map_err(|source| BindError::Address {
            address: "the listener".into(),
            advice: "its address is unknown".into(),
            source: Some(source),
        })?;
        let runtime = self.find_runtime(Needs::Timers)?;
        Ok(self.start_websockets(runtime, address, listener))
    }

    fn start_websockets<L: Listen>(self, runtime: Runtime, address: SocketAddr, listener: L) -> B {
        let url = url_of_listener(self.acceptor.scheme(), address);
        let listener = WebSocketListener { listener, acceptor: self.acceptor.clone() };
        self.start(runtime, url, listener)
    }
}

/// Accepts WebSocket connections over byte streams.
struct WebSocketListener<L> {
    listener: L,
    acceptor: AcceptorConfig,
}

struct IncomingStream<S> {
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
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
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
        let accepted = self.acceptor.accept(self.stream, HANDSHAKE_BYTES).await?;
        let transport = NativeTransport::accept(accepted.stream, limits, origins).await?;
        Ok((transport, accepted.identity))
    }
}
