use std::{
    fmt, io,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::PollSender;

use super::{
    ConnectError, ConnectStep, Connector, Progress, Side, Transport, TransportError,
    WebSocketLimits,
};
use crate::{server_url::ServerUrl, wire::CloseReason};

/// A connector for clients in the same process as their server, without sockets. One connector
/// serves any number of clients. See
/// [`ServerBuilder::bind_memory`](crate::ServerBuilder::bind_memory).
#[derive(Clone)]
pub struct MemoryConnector {
    incoming: mpsc::Sender<MemoryTransport>,
}

impl MemoryConnector {
    /// Creates a connector. The receiver yields the server's ends of its connections.
    pub(crate) fn new() -> (Self, mpsc::Receiver<MemoryTransport>) {
        let (incoming, accepted) = mpsc::channel(BACKLOG);
        (Self { incoming }, accepted)
    }
}

impl Connector for MemoryConnector {
    type Transport = MemoryTransport;

    async fn connect(
        &self,
        _: WebSocketLimits,
        progress: &Progress,
    ) -> Result<MemoryTransport, ConnectError> {
        let (client, server) = memory_pair();
        progress.begin(ConnectStep::Upgrade);
        match self.incoming.send(server).await {
            Ok(()) => Ok(client),
            Err(_) => Err(ConnectError::Unreachable {
                address: "the server in this process".into(),
                source: Arc::new(io::Error::new(
                    io::ErrorKind::ConnectionRefused,
                    "it has been dropped or shut down",
                )),
            }),
        }
    }

    fn set_url(&mut self, _: ServerUrl) -> Result<(), String> {
        Err("a client with a `MemoryConnector` cannot connect to a URL".to_owned())
    }
}

impl fmt::Debug for MemoryConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryConnector")
    }
}

/// The maximum number of connections that wait to be accepted.
const BACKLOG: usize = 64;

/// One end of a connection within the process.
pub(crate) struct MemoryTransport {
    outgoing: PollSender<Item>,
    incoming: mpsc::Receiver<Item>,
    side: Side,
    received: u64,
    /// The code and text of a close that waits for space behind the queued messages.
    close: Option<(u16, String)>,
}

enum Item {
    Message(Bytes),
    Close(u16, String),
}

/// The maximum number of messages in transit in one direction.
const CAPACITY: usize = 16;

/// Creates a connection, and returns the client's end and the server's.
pub(crate) fn memory_pair() -> (MemoryTransport, MemoryTransport) {
    let (to_client, from_server) = mpsc::channel(CAPACITY);
    let (to_server, from_client) = mpsc::channel(CAPACITY);
    let end = |side, outgoing, incoming| MemoryTransport {
        outgoing: PollSender::new(outgoing),
        incoming,
        side,
        received: 0,
        close: None,
    };
    (end(Side::Client, to_server, from_server), end(Side::Server, to_client, from_client))
}

impl MemoryTransport {
    fn send(&mut self, item: Item) -> Result<(), TransportError> {
        self.outgoing.send_item(item).map_err(|_| closed_error())
    }
}

impl Transport for MemoryTransport {
    fn accept_peer(&mut self) {}

    fn received(&self) -> u64 {
        self.received
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, TransportError>> {
        Poll::Ready(match ready!(self.incoming.poll_recv(context)) {
            Some(Item::Message(message)) => {
                self.received += message.len() as u64;
                Ok(message)
            }
            Some(Item::Close(code, text)) => {
                Err(TransportError::Closed(self.side.read_close(code, &text)))
            }
            None => Err(closed_error()),
        })
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.outgoing.poll_reserve(context).map_err(|_| closed_error())
    }

    fn start_send(&mut self, message: Bytes) -> Result<(), TransportError> {
        self.send(Item::Message(message))
    }

    fn start_close(&mut self, reason: &CloseReason) -> Result<(), TransportError> {
        self.close = Some((reason.close_code(), reason.close_text()));
        Ok(())
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        if self.close.is_some() {
            ready!(self.poll_ready(context))?;
            if let Some((code, text)) = self.close.take() {
                self.send(Item::Close(code, text))?;
                // Ends the stream after the close, so that the peer does not wait for more.
                self.outgoing.close();
            }
        }
        Poll::Ready(Ok(()))
    }
}

fn closed_error() -> TransportError {
    TransportError::Lost("the peer has closed the connection".into())
}
