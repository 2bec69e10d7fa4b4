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
use url::Url;
use wasm_bindgen::JsValue;

pub(crate) use self::connector::WebSocketConnector;
use self::meter::Meter;
use super::{Side, Transport, TransportError, WebSocketLimits};
use crate::{
    time::{Timer, sleep},
    wire::{CloseReason, SUBPROTOCOL},
};

/// The WebSocket of a browser.
///
/// What comes in takes the way through gloo-net, which keeps messages and the close in their order. Its queue has no
/// bound, so a meter stands before it; and its sink makes each message a `Blob`, so what goes out is given to the browser
/// directly.
pub(crate) struct WebTransport {
    /// Before the socket, so that it is dropped before it.
    meter: Meter,
    socket: WebSocket,
    browser: web_sys::WebSocket,
    /// There is a session, which reads whatever it writes.
    accepted: bool,
    received: u64,
    /// The browser holds enough, and has not written all of it since.
    full: bool,
    /// When to look again at what the browser still has to write: it tells nobody.
    look_again: Option<Timer>,
}

/// Bytes that the browser may hold before it has to write some.
const WRITE_BUFFER: u32 = 256 * 1024;

/// How soon to look again at what the browser still has to write.
const LOOK_AGAIN: Duration = Duration::from_millis(4);

impl WebTransport {
    fn open(url: &Url, limits: WebSocketLimits) -> Result<Self, String> {
        let browser = web_sys::WebSocket::new_with_str(url.as_str(), SUBPROTOCOL)
            .map_err(|exception| explain(&exception))?;
        // The meter is the first to listen.
        let meter = Meter::new(&browser, limits).map_err(|exception| explain(&exception))?;
        let socket = WebSocket::try_from(browser.clone()).map_err(|error| error.to_string())?;
        Ok(Self {
            meter,
            socket,
            browser,
            accepted: false,
            received: 0,
            full: false,
            look_again: None,
        })
    }

    /// Pending while the browser has something to write.
    fn poll_written(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        while self.browser.buffered_amount() > 0 {
            if let State::Closed = self.socket.state() {
                return Poll::Ready(Err(closed()));
            }
            let timer = self.look_again.get_or_insert_with(|| sleep(LOOK_AGAIN));
            ready!(Pin::new(timer).poll(context));
            self.look_again = None;
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
                Some(Ok(Message::Bytes(frame))) => {
                    self.meter.take(frame.len());
                    self.received += frame.len() as u64;
                    Ok(frame.into())
                }
                // Says nothing; the close that follows does.
                Some(Err(WebSocketError::ConnectionError)) => continue,
                Some(Err(WebSocketError::ConnectionClose(close))) => {
                    Err(TransportError::Closed(Side::Client.read_close(close.code, &close.reason)))
                }
                Some(Err(error)) => Err(TransportError::Lost(error.to_string())),
                // The meter lets no text through.
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
                // Until all of it is written: a buffer that were filled up again and again would never be flushed.
                if self.full { Poll::Pending } else { Poll::Ready(Ok(())) }
            }
            // Why the peer closes comes a round trip later, to the reading half, which then wakes the session.
            State::Closing if self.accepted => Poll::Pending,
            State::Closing | State::Closed => Poll::Ready(Err(closed())),
        }
    }

    fn start_send(&mut self, frame: Bytes) -> Result<(), TransportError> {
        // A copy: the browser takes no view of a memory that threads share.
        self.browser
            .send_with_js_u8_array(&Uint8Array::from(&*frame))
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
            // There is room again.
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

/// What an exception says.
fn explain(exception: &JsValue) -> String {
    String::from(js_sys::Error::from(exception.clone()).message())
}
