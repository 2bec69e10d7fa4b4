use tokio::io::{AsyncRead, AsyncWrite};
use tungstenite::{
    handshake::client::{ClientHandshake, generate_key},
    http::{Request, header::SEC_WEBSOCKET_PROTOCOL},
};
use url::Url;

use super::{
    NativeTransport, WebSocketLimits, handshake_config,
    non_blocking::{NonBlocking, shake_hands},
    transport_error,
};
use crate::{
    tls::ByteStream,
    transport::{Side, TransportError},
    wire::SUBPROTOCOL,
};

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    /// The client's half of the upgrade.
    pub(crate) async fn connect(
        url: &Url,
        stream: ByteStream<S>,
        limits: WebSocketLimits,
    ) -> Result<Self, TransportError> {
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        let request = Request::builder()
            .uri(url.as_str())
            .header("Host", host)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", generate_key())
            .header(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
            .body(())
            .map_err(|error| TransportError::Lost(error.to_string()))?;
        let stream = NonBlocking::new(stream);
        let handshake = ClientHandshake::start(stream, request, Some(handshake_config()))
            .map_err(transport_error)?;
        let (socket, _) = shake_hands(handshake).await.map_err(transport_error)?;
        Ok(Self::new(socket, Side::Client, limits))
    }
}
