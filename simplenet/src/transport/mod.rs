//! The transports, which carry whole binary messages: native WebSockets, browser WebSockets, and
//! memory.

#[cfg(feature = "client")]
mod connect_error;
#[cfg(feature = "client")]
mod connector;
#[cfg(all(feature = "client", feature = "server"))]
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(all(feature = "client", target_arch = "wasm32"))]
mod web;

#[cfg(feature = "client")]
pub(crate) use connect_error::Progress;
#[cfg(feature = "client")]
pub use connect_error::{ConnectError, ConnectStep, HandshakeFailure, HttpRefusal};
#[cfg(feature = "client")]
pub(crate) use connector::Connector;
#[cfg(all(feature = "client", feature = "server"))]
pub use memory::MemoryConnector;
#[cfg(all(feature = "client", feature = "server"))]
pub(crate) use memory::MemoryTransport;
#[cfg(all(test, feature = "client", feature = "server", not(target_arch = "wasm32")))]
pub(crate) use memory::memory_pair;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(crate) use native::HANDSHAKE_BYTES;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(crate) use native::NativeTransport;
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use native::{ConnectorSettings, WebSocketConnector};
#[cfg(all(feature = "axum", not(target_arch = "wasm32")))]
pub(crate) use native::{UpgradeRefused, upgrade_response};
#[cfg(all(feature = "client", target_arch = "wasm32"))]
pub(crate) use web::{ConnectorSettings, WebSocketConnector};

use std::task::{Context, Poll};

use bytes::Bytes;

use crate::{
    tls::TlsFailure,
    wire::{CloseReason, max_message_bytes},
};

/// One connection that carries whole messages.
///
/// The writing half follows the contract of `Sink`: [`Transport::start_send`] may be called after
/// [`Transport::poll_ready`] has returned ready. Messages may remain buffered until
/// [`Transport::poll_flush`] has returned ready.
pub(crate) trait Transport: Unpin {
    /// Raises the message limit from that of a hello to the configured limit. Called after the
    /// handshake.
    fn accept_peer(&mut self);

    /// Returns the number of bytes received so far, including those of incomplete messages.
    fn received(&self) -> u64;

    /// Receives the next message. After an error the transport reads nothing more.
    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, TransportError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    fn start_send(&mut self, message: Bytes) -> Result<(), TransportError>;

    /// Queues the close after the sent messages. Nothing can be sent after it.
    fn start_close(&mut self, reason: &CloseReason) -> Result<(), TransportError>;

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    /// Announces the end of the stream in the layer below, such as by TLS close_notify, without
    /// waiting.
    fn close_notify(&mut self) {}

    /// Returns an error if too many bytes have arrived while reading is paused. Only a transport
    /// without backpressure returns one.
    fn poll_overflow(&mut self, _: &mut Context<'_>) -> Poll<TransportError> {
        Poll::Pending
    }
}

/// The limits that the WebSocket layer enforces after the peer has been accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WebSocketLimits {
    /// The maximum size of a received WebSocket message, in bytes.
    pub(crate) max_message: usize,
}

impl WebSocketLimits {
    /// Returns the limits for messages with frames of at most `max_msg_size` bytes.
    pub(crate) fn for_frames(max_msg_size: usize) -> Self {
        Self { max_message: max_message_bytes(max_msg_size) }
    }
}

/// The side of a connection, which determines the meaning of a received close code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    #[cfg(feature = "client")]
    Client,
    #[cfg(feature = "server")]
    Server,
}

impl Side {
    /// Returns the reason that a close code of the other side stands for.
    fn read_close(self, code: u16, text: &str) -> CloseReason {
        match self {
            #[cfg(feature = "client")]
            Self::Client => CloseReason::from_server_close(code, text),
            #[cfg(feature = "server")]
            Self::Server => CloseReason::from_client_close(code, text),
        }
    }
}

/// The reason why a transport has ended.
#[derive(Debug)]
pub(crate) enum TransportError {
    /// The peer closed the connection for this reason.
    Closed(CloseReason),
    /// The connection broke.
    Lost(String),
    /// The TLS handshake failed.
    #[cfg_attr(
        target_arch = "wasm32",
        expect(dead_code, reason = "a browser does not report TLS failures")
    )]
    Tls(TlsFailure),
    /// The peer violated the protocol. A close with the reason can still be sent to it.
    Violation(CloseReason),
}

impl From<TransportError> for CloseReason {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Closed(reason) | TransportError::Violation(reason) => reason,
            TransportError::Lost(text) => Self::ConnectionLost(text),
            TransportError::Tls(failure) => Self::ConnectionLost(failure.to_string()),
        }
    }
}
