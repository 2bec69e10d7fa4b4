use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::{
    accept_hdr_async_with_config,
    tungstenite::{
        WebSocket,
        handshake::server::{ErrorResponse, Request, Response},
        http::{
            HeaderValue, StatusCode,
            header::{CONNECTION, CONTENT_LENGTH, ORIGIN, SEC_WEBSOCKET_PROTOCOL},
        },
        protocol::Role,
    },
};

use super::{
    NativeTransport, WebSocketLimits, handshake_config, non_blocking::NonBlocking, transport_error,
};
use crate::{
    origin::AllowedOrigins,
    tls::ByteStream,
    transport::{Side, TransportError},
    wire::SUBPROTOCOL,
};

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    /// Performs the server's half of the WebSocket upgrade. Refuses pages of origins that are not
    /// allowed.
    pub(crate) async fn accept(
        stream: ByteStream<S>,
        limits: WebSocketLimits,
        origins: &AllowedOrigins,
    ) -> Result<Self, TransportError> {
        #[expect(clippy::result_large_err, reason = "the signature is the library's")]
        let answer = |request: &Request, mut response: Response| {
            let values = request.headers().get_all(ORIGIN).iter().map(HeaderValue::as_bytes);
            match origins.check(values) {
                Ok(()) => {
                    echo_subprotocol(request, &mut response);
                    Ok(response)
                }
                Err(refused) => {
                    tracing::debug!(reason = %refused, "page refused");
                    Err(forbidden())
                }
            }
        };
        let config = Some(handshake_config());
        let upgraded =
            accept_hdr_async_with_config(stream, answer, config).await.map_err(transport_error)?;
        // `into_inner` loses no bytes, because the upgrade fails if the client sends more than its
        // request before it receives the response.
        Ok(Self::from_upgraded(upgraded.into_inner(), limits))
    }

    /// Creates the server's end of an upgraded stream.
    pub(super) fn from_upgraded(stream: ByteStream<S>, limits: WebSocketLimits) -> Self {
        let stream = NonBlocking::new(stream);
        let socket = WebSocket::from_raw_socket(stream, Role::Server, Some(handshake_config()));
        Self::new(socket, Side::Server, limits)
    }
}

/// Echoes the subprotocol if the client offered it. A browser fails the handshake without the echo.
pub(super) fn echo_subprotocol(request: &Request, response: &mut Response) {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let is_offered = offered
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim() == SUBPROTOCOL);
    if is_offered {
        response
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
}

/// Creates the response that refuses a page and announces the end of the connection.
fn forbidden() -> ErrorResponse {
    let mut response = ErrorResponse::new(None);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
