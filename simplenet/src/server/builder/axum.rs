//! A server behind a route of an axum application. The application owns the port and TLS.

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

use super::{BindError, Bound, ServerBuilder};
use crate::{
    channel::ChannelPack,
    origin::AllowedOrigins,
    runtime::Needs,
    server::{
        accept::{Incoming, Listener},
        config::ServerConfig,
    },
    tls::TlsIdentity,
    transport::{
        NativeTransport, TransportError, UpgradeRefused, WebSocketLimits, upgrade_response,
    },
};

impl<C: ChannelPack, B: Bound<C>> ServerBuilder<C, B> {
    /// Starts a server whose clients connect through a route of an axum application, and returns
    /// the server and the route. The page, its assets and the channel share one port.
    ///
    /// The route can be mounted in several places and under any middleware. After the upgrade, the
    /// server enforces the same limits as with a listener of its own. Until then, the connection
    /// belongs to the HTTP server, whose TLS settings and timeouts apply.
    /// [`auth_timeout`](ServerConfig::auth_timeout) begins with the upgrade. While the server is
    /// full, and after it has shut down, the route answers with status 503 and `Retry-After`. A
    /// request that is not a valid WebSocket upgrade is answered with status 405, 426 or 400, and
    /// with the reason in one line.
    ///
    /// Over HTTP/2 a WebSocket is a stream of its own (RFC 8441). Browsers open such streams if the
    /// HTTP server offers the extended CONNECT, as `axum::serve` does with the feature `http2`. The
    /// route accepts these streams, too.
    ///
    /// The server knows the addresses of its clients only if the application provides
    /// [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo). Without the addresses,
    /// [`max_connections_per_ip`](ServerConfig::max_connections_per_ip) has no effect. The server's
    /// [`url`](crate::ServerHandle::url) is `axum:`, because only the application knows the address
    /// of the route. The [`acceptor`](Self::acceptor) is ignored.
    ///
    /// The graceful shutdown of `axum::serve` waits for requests, but not for upgraded connections.
    /// So the future that the application passes to `with_graceful_shutdown` should await the
    /// [`shutdown`](crate::ServerHandle::shutdown) of this server.
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
    pub fn bind_axum<S>(self) -> Result<(B, MethodRouter<S>), BindError>
    where
        S: Clone + Send + Sync + 'static,
    {
        let runtime = self.find_runtime(Needs::Timers)?;
        let (route, listener) = route(&self.config);
        #[expect(clippy::expect_used, reason = "the constant is a valid URL")]
        let url = Url::parse("axum:").expect("valid URL");
        Ok((self.start(runtime, url, listener), route))
    }
}

/// Returns a route, and the listener for the connections that the route upgrades.
fn route<S>(config: &ServerConfig) -> (MethodRouter<S>, RouteListener)
where
    S: Clone + Send + Sync + 'static,
{
    let (connections, accepted) = mpsc::channel(config.max_pending.clamp(1, BACKLOG));
    let upgrade = UpgradeHandler {
        connections,
        retry_after: retry_after(config.retry_after),
        origins: Arc::new(config.allowed_origins.clone()),
    };
    let handler = move |request| std::future::ready(upgrade.answer(request));
    (any(handler), RouteListener(accepted))
}

/// The maximum number of upgraded connections that wait to be accepted.
const BACKLOG: usize = 1024;

/// Returns the value of `Retry-After`, which HTTP measures in whole seconds (RFC 9110, 10.2.3).
fn retry_after(configured: Option<Duration>) -> HeaderValue {
    let delay = configured.unwrap_or_default();
    let started = u64::from(delay.subsec_nanos() > 0);
    HeaderValue::from(delay.as_secs().saturating_add(started).max(1))
}

/// Answers the requests of a route, and hands upgraded connections to the server.
#[derive(Clone)]
struct UpgradeHandler {
    connections: mpsc::Sender<UpgradedRequest>,
    retry_after: HeaderValue,
    origins: Arc<AllowedOrigins>,
}

impl UpgradeHandler {
    fn answer(&self, request: Request) -> Response {
        let (mut parts, _) = request.into_parts();
        let address = parts.extensions.get().map(|ConnectInfo(address)| *address);
        let on_upgrade = parts.extensions.remove();
        match upgrade_response(&axum::http::Request::from_parts(parts, ()), &self.origins) {
            Ok(response) => match on_upgrade {
                Some(on_upgrade) => self.admit(UpgradedRequest { on_upgrade, address }, response),
                None => {
                    tracing::error!("the HTTP server of this route does not support upgrades");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            },
            Err(refused) => {
                tracing::debug!(?address, %refused, "request without a WebSocket upgrade refused");
                refusal(refused)
            }
        }
    }

    fn admit(&self, request: UpgradedRequest, response: axum::http::Response<()>) -> Response {
        if self.connections.try_send(request).is_ok() {
            return response.map(|()| Body::empty());
        }
        let retry_after = [(RETRY_AFTER, self.retry_after.clone())];
        (StatusCode::SERVICE_UNAVAILABLE, retry_after, "the server is full or shut down\n")
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
        UpgradeRefused::NotUpgrade | UpgradeRefused::Version => {
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

/// Receives the connections of a route. After the listener is dropped, the route answers with
/// status 503.
struct RouteListener(mpsc::Receiver<UpgradedRequest>);

impl Listener for RouteListener {
    type Incoming = UpgradedRequest;

    async fn accept(&mut self) -> io::Result<UpgradedRequest> {
        match self.0.recv().await {
            Some(request) => Ok(request),
            // The route is dropped: no new client can connect, but the sessions continue.
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
        // The application owns TLS.
        Ok((NativeTransport::upgraded(TokioIo::new(upgraded), limits), None))
    }
}
