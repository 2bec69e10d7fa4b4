use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
};

use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::Handle,
};
use url::Url;

use super::{
    Server, ServerConfig, Shared,
    accept::{Listening, accept},
    listener::{Listener, WebSocketListener},
};
use crate::{AcceptorConfig, Authenticator, ChannelPack, net::Listen, runtime::Runtime};

/// The settings of a [`Server`] before it listens.
#[derive(Debug)]
#[must_use = "a server listens once it is bound"]
pub struct ServerBuilder<C> {
    authenticator: Authenticator,
    acceptor: AcceptorConfig,
    config: ServerConfig,
    runtime: Option<Runtime>,
    channel: std::marker::PhantomData<fn() -> C>,
}

/// Why a server does not listen.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The address could not be understood or looked up.
    #[error("{address} is no address to listen on: {source}")]
    Address {
        /// What was asked for.
        address: String,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The operating system refused.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// There was no tokio runtime, and none could be started in the background.
    #[error("cannot start a runtime: {0}")]
    Runtime(#[source] io::Error),
}

impl<C: ChannelPack> ServerBuilder<C> {
    pub(super) fn new() -> Self {
        Self {
            authenticator: Authenticator::default(),
            acceptor: AcceptorConfig::default(),
            config: ServerConfig::default(),
            runtime: None,
            channel: std::marker::PhantomData,
        }
    }

    /// Who may be a client. Default: [`Authenticator::None`].
    pub fn authenticator(mut self, authenticator: Authenticator) -> Self {
        self.authenticator = authenticator;
        self
    }

    /// How byte streams are accepted. Default: [`AcceptorConfig::Default`].
    pub fn acceptor(mut self, acceptor: AcceptorConfig) -> Self {
        self.acceptor = acceptor;
        self
    }

    /// Limits and times. Default: [`ServerConfig::default`].
    pub fn config(mut self, config: ServerConfig) -> Self {
        self.config = config;
        self
    }

    /// Where the server's tasks run. Default: the tokio runtime this is called in, else one shared in the background.
    pub fn runtime(mut self, handle: Handle) -> Self {
        self.runtime = Some(handle.into());
        self
    }

    /// Listens on the address, such as `"127.0.0.1:0"`; port 0 lets the operating system choose.
    ///
    /// # Errors
    ///
    /// See [`BindError`].
    pub fn bind(
        self,
        address: impl ToSocketAddrs + std::fmt::Debug,
    ) -> Result<Server<C>, BindError> {
        let text = format!("{address:?}");
        let invalid = |source| BindError::Address { address: text.clone(), source };
        let address = address
            .to_socket_addrs()
            .map_err(invalid)?
            .next()
            .ok_or_else(|| invalid(io::ErrorKind::NotFound.into()))?;
        let runtime = self.start_runtime()?;
        let listening = runtime.enter(|| {
            let listener = listen(address)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        });
        let (listener, address) =
            listening.map_err(|source| BindError::Listen { address, source })?;
        Ok(self.start_websockets(runtime, address, listener))
    }

    /// Serves byte streams from a listener of the caller's, such as one of a simulated network.
    ///
    /// # Errors
    ///
    /// See [`BindError`].
    #[doc(hidden)]
    pub fn bind_listener<L: Listen>(self, listener: L) -> Result<Server<C>, BindError> {
        let unknown = |source| BindError::Address { address: "the listener".into(), source };
        let address = listener.local_addr().map_err(unknown)?;
        let runtime = self.start_runtime()?;
        Ok(self.start_websockets(runtime, address, listener))
    }

    /// A server without sockets, and the connector for its clients in the same process: for tests, and for a game that
    /// hosts itself.
    ///
    /// # Errors
    ///
    /// [`BindError::Runtime`].
    #[cfg(all(feature = "client", feature = "server"))]
    pub fn bind_memory(self) -> Result<(Server<C>, super::MemoryConnector), BindError> {
        let runtime = self.start_runtime()?;
        let (connector, listener) = super::MemoryConnector::new();
        #[expect(clippy::expect_used, reason = "a constant that is a URL")]
        let url = Url::parse("memory:").expect("a URL");
        Ok((self.start(runtime, url, listener), connector))
    }

    /// A server whose clients come by a route of an axum application, and that route: page, assets and channel on one
    /// port.
    ///
    /// Mount the route where you like, in one place or several, under the middleware you like. It takes clients like the
    /// server's own listener, with the same limits, save what comes before the upgrade: until then a connection belongs to
    /// the HTTP server, and so do TLS and its time limits. [`auth_timeout`](ServerConfig::auth_timeout) begins with the
    /// upgrade. Where there is no place for another client, and once the server has shut down, the route answers 503 with
    /// `Retry-After`; what asks for no WebSocket gets 405, 426 or 400, with a line that says why.
    ///
    /// The server knows the addresses of its clients only where the application provides
    /// [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo), and so does
    /// [`max_connections_per_ip`](ServerConfig::max_connections_per_ip). Its [`url`](crate::ServerHandle::url) is `axum:`,
    /// as only the application knows where the route is. The [`acceptor`](Self::acceptor) means nothing to it.
    ///
    /// The graceful shutdown of `axum::serve` waits for requests, not for connections that were upgraded: let its signal
    /// await the [`shutdown`](crate::ServerHandle::shutdown) of this server.
    ///
    /// ```
    /// #[simplenet::channel]
    /// pub mod chat {
    ///     #[server_message]
    ///     pub struct Posted { pub text: String }
    /// }
    ///
    /// let (server, route) = chat::Server::builder().bind_axum()?;
    /// let app: axum::Router = axum::Router::new()
    ///     .route("/", axum::routing::get("the page"))
    ///     .route("/chat", route);
    /// # Ok::<(), simplenet::BindError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BindError::Runtime`].
    #[cfg(feature = "axum")]
    pub fn bind_axum<S>(self) -> Result<(Server<C>, axum::routing::MethodRouter<S>), BindError>
    where
        S: Clone + Send + Sync + 'static,
    {
        let runtime = self.start_runtime()?;
        let (route, listener) = super::axum::route(&self.config);
        #[expect(clippy::expect_used, reason = "a constant that is a URL")]
        let url = Url::parse("axum:").expect("a URL");
        Ok((self.start(runtime, url, listener), route))
    }

    fn start_runtime(&self) -> Result<Runtime, BindError> {
        match &self.runtime {
            Some(runtime) => Ok(runtime.clone()),
            None => Runtime::ambient().map_err(BindError::Runtime),
        }
    }

    fn start_websockets<L: Listen>(
        self,
        runtime: Runtime,
        address: SocketAddr,
        listener: L,
    ) -> Server<C> {
        let url = websocket_url(self.acceptor.scheme(), address);
        let listener = WebSocketListener { listener, acceptor: self.acceptor.clone() };
        self.start(runtime, url, listener)
    }

    fn start<L: Listener>(self, runtime: Runtime, url: Url, listener: L) -> Server<C> {
        let shared = Arc::new(Shared::new(self.config, self.authenticator, url, runtime.clone()));
        shared.watch_revocations();
        let accepting = accept(Listening(shared.clone()), runtime.clone(), listener);
        runtime.spawn(shared.listening.track_future(accepting));
        Server::new(shared)
    }
}

/// Connections that the operating system keeps before they are accepted.
const BACKLOG: u32 = 1024;

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A server that is started again gets its port although old connections linger.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn websocket_url(scheme: &str, address: SocketAddr) -> Url {
    #[expect(clippy::expect_used, reason = "every socket address is a valid authority")]
    Url::parse(&format!("{scheme}://{address}/")).expect("a URL")
}
