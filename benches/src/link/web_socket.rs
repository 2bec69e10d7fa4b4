use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, accept_async_with_config, client_async_with_config,
    tungstenite::{self, Message, protocol::WebSocketConfig},
};

use super::{
    Link, READ_BUFFER, TcpLink, WRITE_BUFFER,
    encoding::{decode, encode},
};
use crate::{Result, bench::Sample};

/// A WebSocket, in which each message is a sample.
pub(crate) struct WebSocket {
    socket: WebSocketStream<TcpStream>,
    unflushed: bool,
    /// The buffer in which samples are encoded. It makes the allocation of a message exact.
    encoded: Vec<u8>,
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(WRITE_BUFFER)
}

impl WebSocket {
    fn new(socket: WebSocketStream<TcpStream>) -> Self {
        Self { socket, unflushed: false, encoded: Vec::new() }
    }

    fn poll_message(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Message, tungstenite::Error>>> {
        let message = self.socket.poll_next_unpin(context);
        if message.is_pending()
            && self.unflushed
            && self.socket.poll_flush_unpin(context)?.is_ready()
        {
            self.unflushed = false;
        }
        message
    }
}

impl Link for WebSocket {
    async fn send(&mut self, sample: Sample) -> Result<()> {
        self.encoded.clear();
        encode(&sample, &mut self.encoded)?;
        let message = Bytes::copy_from_slice(&self.encoded);
        self.send_encoded(&message).await
    }

    async fn receive(&mut self) -> Result<Option<Sample>> {
        match poll_fn(|context| self.poll_message(context)).await {
            Some(Ok(Message::Binary(bytes))) => Ok(Some(decode(&bytes)?)),
            None
            | Some(
                Ok(Message::Close(_))
                | Err(
                    tungstenite::Error::ConnectionClosed
                    | tungstenite::Error::Io(_)
                    | tungstenite::Error::Protocol(_),
                ),
            ) => Ok(None),
            Some(Err(error)) => Err(error.into()),
            Some(Ok(other)) => Err(format!("expected a binary message, received {other:?}").into()),
        }
    }
}

impl TcpLink for WebSocket {
    async fn accept(stream: TcpStream) -> Result<Self> {
        Ok(Self::new(accept_async_with_config(stream, Some(config())).await?))
    }

    async fn connect(stream: TcpStream) -> Result<Self> {
        let url = format!("ws://{}/", stream.peer_addr()?);
        let (socket, _) = client_async_with_config(url, stream, Some(config())).await?;
        Ok(Self::new(socket))
    }

    async fn close(mut self) -> Result<()> {
        self.socket.close(None).await?;
        while self.socket.next().await.is_some() {}
        Ok(())
    }

    async fn send_encoded(&mut self, sample: &Bytes) -> Result<()> {
        self.socket.feed(Message::Binary(sample.clone())).await?;
        self.unflushed = true;
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        self.socket.flush().await?;
        self.unflushed = false;
        Ok(())
    }
}
