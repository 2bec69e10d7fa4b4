use tokio::io::{AsyncRead, AsyncWrite};
use tungstenite::{
    handshake::server::{ErrorResponse, Request, Response, ServerHandshake},
    http::{
        HeaderValue, StatusCode,
        header::{CONNECTION, CONTENT_LENGTH, ORIGIN, SEC_WEBSOCKET_PROTOCOL},
    },
};

use super::{
    NativeTransport, WebSocketLimits, handshake_config,
    non_blocking::{NonBlocking, shake_hands},
    transport_error,
};
use crate::{
    AllowedOrigins,
    tls::ByteStream,
    transport::{Side, TransportError},
    wire::SUBPROTOCOL,
};

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    /// The server's half of the upgrade, for pages of the origins.
    pub(crate) async fn accept(
        stream: ByteStream<S>,
        limits: WebSocketLimits,
        origins: &AllowedOrigins,
    ) -> Result<Self, TransportError> {
        #[expect(clippy::result_large_err, reason = "the signature is the library's")]
        let answer = |request: &Request, mut response: Response| {
            let named = request.headers().get_all(ORIGIN).iter().map(HeaderValue::as_bytes);
            match origins.judge(named) {
                Ok(()) => {
                    echo_subprotocol(request, &mut response);
                    Ok(response)
                }
                Err(refused) => {
                    tracing::debug!(reason = %refused, "a page was refused");
                    Err(forbidden())
                }
            }
        };
        let stream = NonBlocking::new(stream);
        let handshake = ServerHandshake::start(stream, answer, Some(handshake_config()));
        let socket = shake_hands(handshake).await.map_err(transport_error)?;
        Ok(Self::new(socket, Side::Server, limits))
    }
}

/// A browser fails the handshake unless a protocol it offered is echoed; a client that offers none gets none.
pub(super) fn echo_subprotocol(request: &Request, response: &mut Response) {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let ours = offered
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim() == SUBPROTOCOL);
    if ours {
        response
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
}

/// The connection ends behind it.
fn forbidden() -> ErrorResponse {
    let mut response = ErrorResponse::new(None);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
