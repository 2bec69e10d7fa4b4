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

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::{
        net::Metered,
        server_url::tests::{TABLE, ZONES},
    };

    /// Returns the head of the request that a client sends to the URL.
    async fn request(url: &ServerUrl) -> String {
        let (client, mut server) = tokio::io::duplex(4096);
        let stream = ByteStream::Clear(Metered::new(client, 4096));
        let limits = WebSocketLimits::for_frames(1024);
        let mut head = Vec::new();
        tokio::select! {
            result = NativeTransport::connect(url, stream, limits) => match result {
                Ok(_) => panic!("upgraded without an answer"),
                Err(error) => panic!("{url}: {error}"),
            },
            () = async {
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(server.read_u8().await.expect("a request"));
                }
            } => {}
        }
        String::from_utf8(head).expect("ASCII")
    }

    #[tokio::test]
    async fn request_of_each_url_is_as_in_the_table() {
        for (text, accepted) in TABLE.iter().chain(ZONES) {
            let Ok(accepted) = accepted else { continue };
            let request = request(&ServerUrl::parse(text).expect("a URL")).await;
            let line = format!("GET {} HTTP/1.1\r\n", accepted.target);
            assert!(request.starts_with(&line), "{text}: {request}");
            let host = format!("\r\nHost: {}\r\n", accepted.host_header);
            assert!(request.contains(&host), "{text}: {request}");
        }
    }
}
