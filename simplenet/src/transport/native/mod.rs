#[cfg(feature = "server")]
mod accept;
#[cfg(feature = "client")]
mod connect;
#[cfg(feature = "client")]
mod connector;
mod large_message;
mod non_blocking;
#[cfg(feature = "client")]
mod retry_after;
#[cfg(test)]
#[cfg(feature = "server")]
mod tests;
mod trace_warning;
#[cfg(feature = "axum")]
mod upgrade;
#[cfg(feature = "client")]
mod upgrade_failure;

#[cfg(feature = "axum")]
pub(crate) use self::upgrade::{UpgradeRefused, upgrade_response};

#[cfg(feature = "client")]
pub(crate) use connector::{ConnectorSettings, WebSocketConnector};

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::{
    Error, Message, WebSocket,
    error::CapacityError,
    protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode},
};

use self::{
    large_message::LargeMessage,
    non_blocking::{NonBlocking, unblocked},
    trace_warning::warn_of_frames_in_logs,
};
use super::{Side, Transport, TransportError, WebSocketLimits};
use crate::{
    net::OverAllowance,
    tls::{ByteStream, TlsFailure},
    wire::{CloseReason, MAX_HELLO_BYTES},
};

/// A WebSocket over any byte stream.
pub(crate) struct NativeTransport<S> {
    socket: WebSocket<NonBlocking<ByteStream<S>>>,
    side: Side,
    limits: WebSocketLimits,
    accepted: bool,
    /// True after a read error. The bytes after it have no defined meaning, so they are not read.
    ended: bool,
    /// True if the socket accepts no more messages until it has written part of its buffer.
    blocked: bool,
    /// The large message that is being sent.
    large: Option<Box<LargeMessage>>,
    held: Option<HeldMessage>,
}

/// The last large message.
///
/// While it is alive, the WebSocket layer cannot reuse the buffer of the message. Otherwise, the
/// layer would keep a buffer of this size for the life of the connection.
struct HeldMessage {
    _message: Bytes,
    /// The number of read bytes after which the layer has left the buffer.
    until: u64,
}

impl WebSocketLimits {
    /// Returns the limit on the received bytes per message, including the headers of its fragments.
    fn allowance(self) -> u64 {
        (self.max_message as u64).saturating_mul(2).saturating_add(HANDSHAKE_BYTES)
    }

    fn apply(self, config: &mut WebSocketConfig) {
        config.max_message_size = Some(self.max_message);
        config.max_frame_size = Some(self.max_message);
    }
}

/// Returns the configuration until the peer is accepted. It limits a message to the size of a
/// hello, which also suffices for the answer.
///
/// The WebSocket layer reserves memory for the whole length that a frame header announces, so an
/// unauthenticated peer gets no larger limit.
fn handshake_config() -> WebSocketConfig {
    let mut config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        // The buffer exceeds its target only while the socket is blocked, by at most one message.
        .max_write_buffer_size(2 * WRITE_BUFFER + 2 * SMALL);
    WebSocketLimits { max_message: MAX_HELLO_BYTES }.apply(&mut config);
    config
}

/// The limit on the bytes that are received before the peer is accepted: the HTTP upgrade, and a
/// hello or its answer.
pub(crate) const HANDSHAKE_BYTES: u64 = 16 * 1024 + MAX_HELLO_BYTES as u64;

/// The size of the read buffer in bytes. tungstenite zeroes the buffer before every read, so a
/// larger buffer costs time as well as memory.
const READ_BUFFER: usize = 4 * 1024;

/// An upper bound of the space behind a message in its buffer, in bytes. The WebSocket layer
/// reserves space for a whole frame behind the bytes that it has read together with the header.
const SPACE_BEHIND_MESSAGE: u64 = READ_BUFFER as u64 + 14;

/// The target size of the write buffer in bytes.
const WRITE_BUFFER: usize = 8 * 1024;

/// The maximum size in bytes of a message that goes through the buffers of the WebSocket layer,
/// which keeps them for the life of the connection.
const SMALL: usize = 8 * 1024;

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    fn new(
        socket: WebSocket<NonBlocking<ByteStream<S>>>,
        side: Side,
        limits: WebSocketLimits,
    ) -> Self {
        warn_of_frames_in_logs();
        Self {
            socket,
            side,
            limits,
            accepted: false,
            ended: false,
            blocked: false,
            large: None,
            held: None,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Transport for NativeTransport<S> {
    fn accept_peer(&mut self) {
        self.accepted = true;
        self.socket.set_config(|config| self.limits.apply(config));
        self.refill();
    }

    fn received(&self) -> u64 {
        self.socket.get_ref().stream().meter().received()
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, TransportError>> {
        self.register(context);
        loop {
            if self.ended {
                return Poll::Ready(Err(closed()));
            }
            if self.socket.get_ref().has_nothing_to_read() {
                return Poll::Pending;
            }
            let bytes_read = self.socket.get_ref().bytes_read();
            self.held.take_if(|held| held.until < bytes_read);
            let message = ready!(unblocked(self.socket.read()));
            return Poll::Ready(match message {
                Ok(Message::Binary(message)) => {
                    if self.accepted {
                        self.refill();
                    }
                    if message.len() > SMALL {
                        let until = self.socket.get_ref().bytes_read() + SPACE_BEHIND_MESSAGE;
                        self.held = Some(HeldMessage { _message: message.clone(), until });
                    }
                    Ok(message)
                }
                // The WebSocket layer answers pings.
                Ok(Message::Ping(_) | Message::Pong(_)) => continue,
                Ok(Message::Text(_) | Message::Frame(_)) => Err(TransportError::Violation(
                    CloseReason::ProtocolViolation("text message: frames are binary".into()),
                )),
                Ok(Message::Close(frame)) => {
                    Err(TransportError::Closed(self.side.close_reason(frame)))
                }
                Err(error) => {
                    self.ended = true;
                    Err(transport_error(error))
                }
            });
        }
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        ready!(self.poll_large(context))?;
        if self.blocked {
            ready!(unblocked(self.socket.flush())).map_err(transport_error)?;
            self.blocked = false;
        }
        Poll::Ready(Ok(()))
    }

    fn start_send(&mut self, message: Bytes) -> Result<(), TransportError> {
        if message.len() <= SMALL {
            return self.send(Message::Binary(message));
        }
        self.large = Some(Box::new(LargeMessage::new(message, self.side)?));
        Ok(())
    }

    fn start_close(&mut self, reason: &CloseReason) -> Result<(), TransportError> {
        // A close is allowed between fragments (RFC 6455, 5.4). The rest of the message must not
        // follow it.
        if self.large.as_mut().is_some_and(|large| !large.cut()) {
            self.large = None;
        }
        self.send(Message::Close(Some(CloseFrame {
            code: CloseCode::from(reason.close_code()),
            reason: reason.close_text().into(),
        })))
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        ready!(self.poll_large(context))?;
        match ready!(unblocked(self.socket.flush())) {
            // `ConnectionClosed` means that all bytes are written, including the answer to the
            // peer's close.
            Ok(()) | Err(Error::ConnectionClosed) => {
                self.blocked = false;
                Poll::Ready(Ok(()))
            }
            Err(error) => Poll::Ready(Err(transport_error(error))),
        }
    }

    fn close_notify(&mut self) {
        // Dropping a stream without TLS ends it as well.
        if self.socket.get_ref().stream().is_clear() {
            return;
        }
        // Best effort: the peer had its grace period to read.
        let _ = Pin::new(self.socket.get_mut().stream_mut())
            .poll_shutdown(&mut Context::from_waker(Waker::noop()));
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> NativeTransport<S> {
    fn register(&mut self, context: &Context<'_>) {
        self.socket.get_mut().register(context);
    }

    /// Grants the byte allowance for the next message.
    fn refill(&mut self) {
        let allowance = self.limits.allowance();
        self.socket.get_mut().stream_mut().meter_mut().refill(allowance);
    }

    /// Writes the large message, if there is one.
    fn poll_large(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.register(context);
        while let Some(large) = &mut self.large {
            if !large.frame_has_begun() {
                ready!(unblocked(self.socket.flush())).map_err(transport_error)?;
                if !self.socket.can_write() {
                    return Poll::Ready(Err(closed()));
                }
            }
            let stream = self.socket.get_mut();
            let written = large.poll_write_frame(stream.stream_mut(), context);
            stream.reserve(large.frame_has_begun());
            if written.is_pending() {
                stream.write_is_blocked();
            }
            let continues = ready!(written)?;
            if !continues {
                self.large = None;
            }
        }
        Poll::Ready(Ok(()))
    }

    fn send(&mut self, message: Message) -> Result<(), TransportError> {
        match unblocked(self.socket.write(message)) {
            Poll::Ready(result) => result.map_err(transport_error),
            // The socket has queued the message.
            Poll::Pending => {
                self.blocked = true;
                Ok(())
            }
        }
    }
}

impl Side {
    fn close_reason(self, frame: Option<CloseFrame>) -> CloseReason {
        match frame {
            Some(frame) => self.read_close(frame.code.into(), &frame.reason),
            None => CloseReason::ConnectionLost("closed without a reason".into()),
        }
    }
}

fn closed() -> TransportError {
    TransportError::Lost("the connection is closed".into())
}

fn transport_error(error: Error) -> TransportError {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            TransportError::Violation(CloseReason::MessageTooBig)
        }
        Error::Protocol(violation) => {
            TransportError::Violation(CloseReason::ProtocolViolation(violation.to_string()))
        }
        Error::Utf8(error) => TransportError::Violation(CloseReason::ProtocolViolation(error)),
        Error::Io(error) => error.into(),
        Error::ConnectionClosed | Error::AlreadyClosed => closed(),
        error => TransportError::Lost(error.to_string()),
    }
}

impl From<io::Error> for TransportError {
    fn from(error: io::Error) -> Self {
        if error.get_ref().is_some_and(|error| error.is::<OverAllowance>()) {
            return Self::Violation(CloseReason::MessageTooBig);
        }
        match TlsFailure::from_io(&error) {
            Some(failure) => Self::Tls(failure),
            // Under TLS, an end without close_notify has this kind as well.
            None if error.kind() == io::ErrorKind::UnexpectedEof => closed(),
            None => Self::Lost(error.to_string()),
        }
    }
}
