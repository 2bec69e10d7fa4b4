use std::{future::poll_fn, task::Poll};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::{
    Error,
    handshake::{
        HandshakeError, HandshakeRole, MidHandshake,
        client::{ClientHandshake, generate_key},
    },
    http::{Request, header::SEC_WEBSOCKET_PROTOCOL},
};

use super::{
    NativeTransport, WebSocketLimits, handshake_config,
    non_blocking::NonBlocking,
    upgrade_failure::{check_first_bytes, upgrade_failure},
};
use crate::{
    server_url::ServerUrl,
    tls::ByteStream,
    transport::{ConnectError, HandshakeFailure, Side},
    wire::SUBPROTOCOL,
};

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    /// Performs the client's half of the WebSocket upgrade.
    pub(crate) async fn connect(
        url: &ServerUrl,
        stream: ByteStream<S>,
        limits: WebSocketLimits,
    ) -> Result<Self, ConnectError> {
        let host = url.host_header();
        let request = Request::builder()
            .uri(format!("ws://{host}{}", url.request_target()))
            .header("Host", host)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", generate_key())
            .header(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
            .body(())
            .map_err(|_| ConnectError::Handshake(HandshakeFailure::Request))?;
        let stream = NonBlocking::checked(stream, check_first_bytes);
        let handshake = ClientHandshake::start(stream, request, Some(handshake_config()))
            .map_err(|error| upgrade_failure(error, url))?;
        let (socket, _) = complete(handshake).await.map_err(|error| upgrade_failure(error, url))?;
        Ok(Self::new(socket, Side::Client, limits))
    }
}

/// Completes a handshake. The bytes that follow it immediately are kept for the WebSocket.
async fn complete<R, S>(handshake: MidHandshake<R>) -> Result<R::FinalResult, Error>
where
    R: HandshakeRole<InternalStream = NonBlocking<S>>,
{
    let mut rest = Some(handshake);
    poll_fn(|context| {
        let Some(mut handshake) = rest.take() else {
            return Poll::Pending;
        };
        handshake.get_mut().get_mut().register(context);
        match handshake.handshake() {
            Ok(result) => Poll::Ready(Ok(result)),
            Err(HandshakeError::Failure(error)) => Poll::Ready(Err(error)),
            Err(HandshakeError::Interrupted(handshake)) => {
                rest = Some(handshake);
                Poll::Pending
            }
        }
    })
    .await
}
