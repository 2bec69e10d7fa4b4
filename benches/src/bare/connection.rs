use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use bincode::config::{Configuration, standard};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, accept_async_with_config, client_async_with_config,
    tungstenite::{self, Message, protocol::WebSocketConfig},
};
use url::Url;

use crate::{Result, bench::Sample};

/// A WebSocket that carries samples.
///
/// The connection has two simple optimizations. It flushes only if there is no more input, and it
/// encodes samples on the stack.
pub(crate) struct Connection {
    socket: WebSocketStream<TcpStream>,
    unflushed: bool,
}

/// The maximum size of an encoded sample in bytes.
const MAX_SAMPLE: usize = 64;

const FORMAT: Configuration = standard();

/// Returns the buffer sizes that simplenet uses.
fn config() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(8 * 1024)
}

impl Connection {
    pub(super) async fn accept(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        let socket = accept_async_with_config(stream, Some(config())).await?;
        Ok(Self { socket, unflushed: false })
    }

    pub(super) async fn connect(url: &Url) -> Result<Self> {
        let address = *url.socket_addrs(|| None)?.first().ok_or("the URL has no address")?;
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (socket, _) = client_async_with_config(url.as_str(), stream, Some(config())).await?;
        Ok(Self { socket, unflushed: false })
    }

    /// Queues a sample. The connection sends it when the buffer is full, or when a later
    /// [`Connection::receive`] has to wait.
    pub(super) async fn send(&mut self, sample: &Sample) -> Result<()> {
        let mut buffer = [0; MAX_SAMPLE];
        let size = bincode::serde::encode_into_slice(sample, &mut buffer, FORMAT)?;
        self.socket.feed(Message::Binary(Bytes::copy_from_slice(&buffer[..size]))).await?;
        self.unflushed = true;
        Ok(())
    }

    /// Receives the next sample. Returns `None` if the peer has disconnected.
    pub(super) async fn receive(&mut self) -> Result<Option<Sample>> {
        match poll_fn(|context| self.poll_message(context)).await {
            Some(Ok(Message::Binary(bytes))) => {
                let (sample, size) = bincode::serde::decode_from_slice(&bytes, FORMAT)?;
                if size == bytes.len() {
                    Ok(Some(sample))
                } else {
                    Err("bytes follow the sample".into())
                }
            }
            None
            | Some(Err(
                tungstenite::Error::ConnectionClosed
                | tungstenite::Error::Io(_)
                | tungstenite::Error::Protocol(_),
            )) => Ok(None),
            Some(Err(error)) => Err(error.into()),
            Some(Ok(other)) => Err(format!("expected a binary message, received {other:?}").into()),
        }
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
