//! Whole binary messages in and out, whatever carries them.

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
pub use connect_error::ConnectError;
#[cfg(feature = "client")]
pub(crate) use connector::Connector;
#[cfg(all(feature = "client", feature = "server"))]
pub use memory::MemoryConnector;
#[cfg(all(feature = "client", feature = "server"))]
pub(crate) use memory::MemoryTransport;
#[cfg(all(test, feature = "client", feature = "server"))]
pub(crate) use memory::memory_pair;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(crate) use native::HANDSHAKE_BYTES;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(crate) use native::NativeTransport;
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use native::WebSocketConnector;
#[cfg(all(feature = "axum", not(target_arch = "wasm32")))]
pub(crate) use native::{UpgradeRefused, upgrade_response};
#[cfg(all(feature = "client", target_arch = "wasm32"))]
pub(crate) use web::WebSocketConnector;

use std::task::{Context, Poll};

use bytes::Bytes;

use crate::{tls::TlsFailure, wire::CloseReason};

/// One connection that carries frames, one per message.
///
/// The writing half follows the `Sink` contract: [`Transport::start_send`] only after [`Transport::poll_ready`] said
/// so, and nothing is on its way for sure before [`Transport::poll_flush`] is done.
pub(crate) trait Transport: Unpin {
    /// The handshake is over: from now on messages may be as large as configured, where until now a hello was the measure.
    fn accept_peer(&mut self);

    /// Bytes that have come in so far, of whole messages or not: any of them is a sign of life.
    fn received(&self) -> u64;

    /// The next frame from the peer. After an error the transport reads no more.
    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, TransportError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    fn start_send(&mut self, frame: Bytes) -> Result<(), TransportError>;

    /// Queues the close behind what was sent; nothing can be sent after it.
    fn start_close(&mut self, reason: &CloseReason) -> Result<(), TransportError>;

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    /// Tells the peer, where the layer below can, that what follows is the end and no cut. Does not wait.
    fn farewell(&mut self) {}

    /// Asked while nothing is read: ready when more has come than may wait. Where the peer can be made to wait, it never
    /// is.
    fn poll_overflow(&mut self, _: &mut Context<'_>) -> Poll<TransportError> {
        Poll::Pending
    }
}

/// What the WebSocket layer enforces once the peer is accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WebSocketLimits {
    pub(crate) max_msg_size: usize,
}

/// Which end of a connection this is: a close code means what its sender may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    #[cfg(feature = "client")]
    Client,
    #[cfg(feature = "server")]
    Server,
}

impl Side {
    /// What the other side means by a close code.
    fn read_close(self, code: u16, text: &str) -> CloseReason {
        match self {
            #[cfg(feature = "client")]
            Self::Client => CloseReason::from_server_close(code, text),
            #[cfg(feature = "server")]
            Self::Server => CloseReason::from_client_close(code, text),
        }
    }
}

/// Why a transport carries nothing any more.
#[derive(Debug)]
pub(crate) enum TransportError {
    /// The peer closed the connection, with the reason it gave.
    Closed(CloseReason),
    /// The connection broke.
    Lost(String),
    /// The two sides do not come together under TLS.
    #[cfg_attr(
        target_arch = "wasm32",
        expect(dead_code, reason = "no browser says that it was TLS")
    )]
    Tls(TlsFailure),
    /// The peer sent what the protocol does not allow; it can still be told so.
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
