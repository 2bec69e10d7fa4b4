//! A server behind a route of an axum application, on the port, the TLS and the life of that application.

#![cfg(not(target_arch = "wasm32"))]

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CONNECTION, RETRY_AFTER, SEC_WEBSOCKET_VERSION, UPGRADE},
    },
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use url::Url;

use super::{
    AllowedOrigins, BindError, Server, ServerBuilder, ServerConfig,
    listener::{Incoming, Listener},
};
use crate::{
    ChannelPack, TlsIdentity,
    transport::{
        NativeTransport, TransportError, UpgradeRefused, WebSocketLimits, upgrade_response,
    },
};

impl<C: ChannelPack> ServerBuilder<C> {
    /// A server whose clients come by a route of an axum application, and that route: page, assets and channel on one
    /// port.
    ///
    /// Mount the route where you like, in one place or several, under the middleware you like. It takes clients like the
    /// server's own listener, with the same limits, save what comes before the upgrade: until then a connection belongs to
    /// the HTTP server, and so do TLS and its time limits. [`auth_timeout`](ServerConfig::auth_timeout) begins with the
    /// upgrade. Where there is no place for another client, and once the server has shut down, the route answers 503 with
    /// `Retry-After`; what asks for no WebSocket gets 405, 426 or 400, with a line that says why.
    ///
    /// Over HTTP/2 a WebSocket is a stream of its own (RFC 8441), for which browsers ask where the HTTP server offers the
    /// extended CONNECT, as `axum::serve` does with the feature `http2`. The route takes those too.
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
    pub fn bind_axum<S>(self) -> Result<(Server<C>, MethodRouter<S>), BindError>
    where
        S: Clone + Send + Sync + 'static,
    {
        let runtime = self.start_runtime()?;
        let (route, listener) = route(&self.config);
        #[expect(clippy::expect_used, reason = "a constant that is a URL")]
        let url = Url::parse("axum:").expect("a URL");
        Ok((self.start(runtime, url, listener), route))
    }
}

/// The handler of a route, and where the connections that it upgrades arrive.
fn route<S>(config: &ServerConfig) -> (MethodRouter<S>, RouteListener)
where
    S: Clone + Send + Sync + 'static,
{
    let (connections, accepted) = mpsc::channel(config.max_pending.clamp(1, BACKLOG));
    let door = Door {
        connections,
        retry_after: retry_after(config.retry_after),
        origins: Arc::new(config.allowed_origins.clone()),
    };
    let handler = move |request| std::future::ready(door.answer(request));
    (any(handler), RouteListener(accepted))
}

/// Connections that wait to be accepted, at most.
const BACKLOG: usize = 1024;

/// Whole seconds to stay away where the server has no place: what HTTP can say.
fn retry_after(configured: Option<Duration>) -> HeaderValue {
    let delay = configured.unwrap_or_default();
    let started = u64::from(delay.subsec_nanos() > 0);
    HeaderValue::from(delay.as_secs().saturating_add(started).max(1))
}

/// Lets requests in that ask for a WebSocket.
#[derive(Clone)]
struct Door {
    connections: mpsc::Sender<UpgradedRequest>,
    retry_after: HeaderValue,
    origins: Arc<AllowedOrigins>,
}

impl Door {
    fn answer(&self, request: Request) -> Response {
        let (mut parts, _) = request.into_parts();
        let address = parts.extensions.get().map(|ConnectInfo(address)| *address);
        let on_upgrade = parts.extensions.remove();
        match upgrade_response(&axum::http::Request::from_parts(parts, ()), &self.origins) {
            Ok(response) => match on_upgrade {
                Some(on_upgrade) => self.admit(UpgradedRequest { on_upgrade, address }, response),
                None => {
                    tracing::error!("the HTTP server of this route does not do upgrades");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            },
            Err(refused) => {
                tracing::debug!(?address, %refused, "no WebSocket handshake");
                refusal(refused)
            }
        }
    }

    fn admit(&self, request: UpgradedRequest, response: axum::http::Response<()>) -> Response {
        if self.connections.try_send(request).is_ok() {
            return response.map(|()| Body::empty());
        }
        let retry_after = [(RETRY_AFTER, self.retry_after.clone())];
        (StatusCode::SERVICE_UNAVAILABLE, retry_after, "no place for another client\n")
            .into_response()
    }
}

fn refusal(refused: UpgradeRefused) -> Response {
    let text = format!("{refused}\n");
    let upgrade = [
        (CONNECTION, HeaderValue::from_static("upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
    ];
    match refused {
        UpgradeRefused::Method => {
            (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET")], text).into_response()
        }
        UpgradeRefused::NotAsked | UpgradeRefused::Version => {
            (StatusCode::UPGRADE_REQUIRED, upgrade, text).into_response()
        }
        UpgradeRefused::Origin(_) => (StatusCode::FORBIDDEN, text).into_response(),
        UpgradeRefused::Malformed(_) => (StatusCode::BAD_REQUEST, text).into_response(),
    }
}

/// A request whose connection becomes a WebSocket once the answer is written.
struct UpgradedRequest {
    on_upgrade: OnUpgrade,
    address: Option<SocketAddr>,
}

/// Where the connections of a route arrive. When it goes, the route has no place for anybody.
struct RouteListener(mpsc::Receiver<UpgradedRequest>);

impl Listener for RouteListener {
    type Incoming = UpgradedRequest;

    async fn accept(&mut self) -> io::Result<UpgradedRequest> {
        match self.0.recv().await {
            Some(request) => Ok(request),
            // The route is gone, but those who came by it go on.
            None => std::future::pending().await,
        }
    }
}

impl Incoming for UpgradedRequest {
    type Transport = NativeTransport<TokioIo<Upgraded>>;

    fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    async fn upgrade(
        self,
        limits: WebSocketLimits,
        _: &AllowedOrigins,
    ) -> Result<(Self::Transport, Option<TlsIdentity>), TransportError> {
        let upgraded =
            self.on_upgrade.await.map_err(|error| TransportError::Lost(error.to_string()))?;
        // TLS is the application's affair.
        Ok((NativeTransport::upgraded(TokioIo::new(upgraded), limits), None))
    }
}
