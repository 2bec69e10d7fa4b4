mod connector;
mod meter;

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Sink, Stream};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

pub(crate) use self::connector::{ConnectorSettings, WebSocketConnector};
use self::meter::Meter;
use super::{Side, Transport, TransportError, WebSocketLimits};
use crate::{
    server_url::ServerUrl,
    time::{Timer, sleep},
    wire::{CloseReason, SUBPROTOCOL},
};

/// The WebSocket of a browser.
///
/// gloo-net receives the messages, because it keeps messages and the close in order. Its queue is
/// unbounded, so a meter precedes it. Outgoing messages are passed to the browser directly, because
/// the sink of gloo-net turns each message into a `Blob`.
pub(crate) struct WebTransport {
    /// Declared before the socket, so that it is dropped first.
    meter: Meter,
    socket: WebSocket,
    browser: web_sys::WebSocket,
    /// True once there is a session. From then on, reading continues after writing has failed.
    accepted: bool,
    received: u64,
    /// True if the browser's buffer was full and has not been empty since.
    full: bool,
    /// The timer of the next check of the browser's buffer. The browser has no event for the
    /// buffer's progress.
    next_check: Option<Timer>,
}

/// The size in bytes above which the browser's buffer counts as full.
const WRITE_BUFFER: u32 = 256 * 1024;

/// The interval between two checks of the browser's buffer.
const CHECK_INTERVAL: Duration = Duration::from_millis(4);

impl WebTransport {
    fn open(url: &ServerUrl, limits: WebSocketLimits) -> Result<Self, String> {
        let browser = web_sys::WebSocket::new_with_str(url.as_str(), SUBPROTOCOL)
            .map_err(|exception| explain(&exception))?;
        // The meter must add its listener before gloo-net does, so that the meter is called first.
        let meter = Meter::new(&browser, limits).map_err(|exception| explain(&exception))?;
        let socket = WebSocket::try_from(browser.clone()).map_err(|error| error.to_string())?;
        Ok(Self {
            meter,
            socket,
            browser,
            accepted: false,
            received: 0,
            full: false,
            next_check: None,
        })
    }

    /// Returns `Pending` while the browser's buffer is not empty.
    fn poll_written(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        while self.browser.buffered_amount() > 0 {
            if let State::Closed = self.socket.state() {
                return Poll::Ready(Err(closed()));
            }
            let timer = self.next_check.get_or_insert_with(|| sleep(CHECK_INTERVAL));
            ready!(Pin::new(timer).poll(context));
            self.next_check = None;
        }
        Poll::Ready(Ok(()))
    }
}

impl Transport for WebTransport {
    fn accept_peer(&mut self) {
        self.accepted = true;
    }

    fn received(&self) -> u64 {
        self.received
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, TransportError>> {
        loop {
            let Poll::Ready(message) = Pin::new(&mut self.socket).poll_next(context) else {
                return self.meter.poll_refused(context).map(Err);
            };
            return Poll::Ready(match message {
                Some(Ok(Message::Bytes(message))) => {
                    self.meter.take(message.len());
                    self.received += message.len() as u64;
                    Ok(message.into())
                }
                // This event has no details. The close event that follows has the reason.
                Some(Err(WebSocketError::ConnectionError)) => continue,
                Some(Err(WebSocketError::ConnectionClose(close))) => {
                    Err(TransportError::Closed(Side::Client.read_close(close.code, &close.reason)))
                }
                Some(Err(error)) => Err(TransportError::Lost(error.to_string())),
                // Text messages do not pass the meter.
                Some(Ok(Message::Text(_))) | None => Err(closed()),
            });
        }
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        match self.socket.state() {
            State::Connecting => Pin::new(&mut self.socket)
                .poll_ready(context)
                .map_err(|error| TransportError::Lost(error.to_string())),
            State::Open => {
                self.full |= self.browser.buffered_amount() > WRITE_BUFFER;
                // Waits until the buffer is empty. If the buffer were refilled earlier, it might
                // never count as flushed.
                if self.full { Poll::Pending } else { Poll::Ready(Ok(())) }
            }
            // Waits, because the reading half receives the peer's reason within a round trip and
            // wakes the session.
            State::Closing if self.accepted => Poll::Pending,
            State::Closing | State::Closed => Poll::Ready(Err(closed())),
        }
    }

    fn start_send(&mut self, message: Bytes) -> Result<(), TransportError> {
        // The copy is necessary, because browsers refuse views of shared memory.
        self.browser
            .send_with_js_u8_array(&Uint8Array::from(&*message))
            .map_err(|error| TransportError::Lost(explain(&error)))
    }

    fn start_close(&mut self, reason: &CloseReason) -> Result<(), TransportError> {
        self.browser
            .close_with_code_and_reason(reason.close_code(), &reason.close_text())
            .map_err(|error| TransportError::Lost(explain(&error)))
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        ready!(self.poll_written(context))?;
        if mem::take(&mut self.full) {
            // There is free space again.
            context.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_overflow(&mut self, context: &mut Context<'_>) -> Poll<TransportError> {
        self.meter.poll_refused(context)
    }
}

fn closed() -> TransportError {
    TransportError::Lost("the connection is closed".into())
}

/// Returns the message of an exception.
fn explain(exception: &JsValue) -> String {
    String::from(js_sys::Error::from(exception.clone()).message())
}
