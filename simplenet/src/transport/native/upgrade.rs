//! The server's half of a WebSocket upgrade whose HTTP request another library has parsed.

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::{
    Error as WebSocketError,
    error::ProtocolError,
    handshake::server::{Request, Response, create_response},
    http::{
        HeaderValue, Method, Version,
        header::{ORIGIN, SEC_WEBSOCKET_VERSION},
    },
};

use super::{HANDSHAKE_BYTES, NativeTransport, WebSocketLimits, accept::echo_subprotocol};
use crate::{
    net::Metered,
    origin::{AllowedOrigins, OriginRefused},
    tls::ByteStream,
};

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    /// Creates the transport of a stream that was upgraded with the response of
    /// [`upgrade_response`].
    pub(crate) fn upgraded(stream: S, limits: WebSocketLimits) -> Self {
        Self::from_upgraded(ByteStream::Clear(Metered::new(stream, HANDSHAKE_BYTES)), limits)
    }
}

/// The reason why a request cannot be upgraded to a WebSocket.
#[derive(Debug, Error)]
pub(crate) enum UpgradeRefused {
    #[error("wrong method: a WebSocket request must be a GET")]
    Method,
    #[error("not a WebSocket request: it needs `Connection: upgrade` and `Upgrade: websocket`")]
    NotUpgrade,
    #[error("unsupported WebSocket version: use `Sec-WebSocket-Version: 13`")]
    Version,
    #[error(transparent)]
    Origin(#[from] OriginRefused),
    #[error("invalid WebSocket handshake: {0}")]
    Malformed(WebSocketError),
}

impl From<WebSocketError> for UpgradeRefused {
    fn from(error: WebSocketError) -> Self {
        match error {
            WebSocketError::Protocol(ProtocolError::WrongHttpMethod) => Self::Method,
            WebSocketError::Protocol(
                ProtocolError::MissingConnectionUpgradeHeader
                | ProtocolError::MissingUpgradeWebSocketHeader,
            ) => Self::NotUpgrade,
            WebSocketError::Protocol(ProtocolError::MissingSecWebSocketVersionHeader) => {
                Self::Version
            }
            error => Self::Malformed(error),
        }
    }
}

/// Creates the response that upgrades the connection of the request. Refuses pages of origins that
/// are not allowed.
pub(crate) fn upgrade_response(
    request: &Request,
    origins: &AllowedOrigins,
) -> Result<Response, UpgradeRefused> {
    let mut response = match request.version() {
        Version::HTTP_2 => connect_response(request)?,
        _ => create_response(request)?,
    };
    origins.check(request.headers().get_all(ORIGIN).iter().map(HeaderValue::as_bytes))?;
    echo_subprotocol(request, &mut response);
    Ok(response)
}

/// Creates the response to an extended CONNECT (RFC 8441), which replaces the upgrade request in
/// HTTP/2 and has no key.
fn connect_response(request: &Request) -> Result<Response, UpgradeRefused> {
    if request.method() != Method::CONNECT {
        return Err(UpgradeRefused::NotUpgrade);
    }
    if request.headers().get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(UpgradeRefused::Version);
    }
    Ok(Response::new(()))
}
