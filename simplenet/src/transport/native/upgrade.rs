//! The server's half of an upgrade whose HTTP is spoken by somebody else.

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
    /// A stream that has been upgraded, by the answer of [`upgrade_response`].
    pub(crate) fn upgraded(stream: S, limits: WebSocketLimits) -> Self {
        Self::over(ByteStream::Clear(Metered::new(stream, HANDSHAKE_BYTES)), limits)
    }
}

/// Why a request does not become a WebSocket.
#[derive(Debug, Error)]
pub(crate) enum UpgradeRefused {
    #[error("a WebSocket is asked for by GET")]
    Method,
    #[error(
        "this is the place of a WebSocket: ask for `Connection: upgrade` and `Upgrade: websocket`"
    )]
    NotAsked,
    #[error("this server speaks `Sec-WebSocket-Version: 13`")]
    Version,
    #[error("{0}")]
    Origin(#[from] OriginRefused),
    #[error("no WebSocket handshake: {0}")]
    Malformed(WebSocketError),
}

impl From<WebSocketError> for UpgradeRefused {
    fn from(error: WebSocketError) -> Self {
        match error {
            WebSocketError::Protocol(ProtocolError::WrongHttpMethod) => Self::Method,
            WebSocketError::Protocol(
                ProtocolError::MissingConnectionUpgradeHeader
                | ProtocolError::MissingUpgradeWebSocketHeader,
            ) => Self::NotAsked,
            WebSocketError::Protocol(ProtocolError::MissingSecWebSocketVersionHeader) => {
                Self::Version
            }
            error => Self::Malformed(error),
        }
    }
}

/// The answer that makes a WebSocket of the request's connection, for pages of the origins.
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

/// HTTP/2 has no upgrade: a stream of its connection is connected instead, without a key (RFC 8441).
fn connect_response(request: &Request) -> Result<Response, UpgradeRefused> {
    if request.method() != Method::CONNECT {
        return Err(UpgradeRefused::NotAsked);
    }
    if request.headers().get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(UpgradeRefused::Version);
    }
    Ok(Response::new(()))
}
