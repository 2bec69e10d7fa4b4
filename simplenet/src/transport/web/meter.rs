use std::{
    cell::RefCell,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::ArrayBuffer;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, WebSocket};

use super::{TransportError, WebSocketLimits};
use crate::wire::{CloseReason, MAX_HELLO_BYTES};

/// Limits the messages that have arrived and have not been read.
///
/// A browser keeps reading from the network, and no API stops it. So a server whose messages are not read
/// for too long is disconnected. The meter counts each message before it is copied into the memory of the
/// program.
pub(super) struct Meter {
    browser: WebSocket,
    callback: Closure<dyn Fn(MessageEvent)>,
    waiting: Rc<RefCell<Waiting>>,
}

/// The messages that have arrived and have not been read.
struct Waiting {
    largest: usize,
    bytes: usize,
    refused: Option<CloseReason>,
    driver: Option<Waker>,
}

/// Limit on the unread bytes besides one message of the largest size. Each message counts [`OVERHEAD`] more.
const ROOM: usize = 64 * 1024;

/// Memory overhead of a queued message in bytes.
const OVERHEAD: usize = 64;

impl Meter {
    pub(super) fn new(browser: &WebSocket, limits: WebSocketLimits) -> Result<Self, JsValue> {
        let waiting = Rc::new(RefCell::new(Waiting {
            // The answer to a hello must be accepted. The session refuses messages beyond its own limit.
            largest: limits.max_msg_size.max(MAX_HELLO_BYTES),
            bytes: 0,
            refused: None,
            driver: None,
        }));
        let callback = {
            let waiting = waiting.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let driver = waiting.borrow_mut().refuse(&event);
                if let Some(driver) = driver {
                    driver.wake();
                }
            })
        };
        browser.add_event_listener_with_callback(MESSAGE, callback.as_ref().unchecked_ref())?;
        Ok(Self { browser: browser.clone(), callback, waiting })
    }

    /// Records that a message was read.
    pub(super) fn take(&self, size: usize) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.bytes = waiting.bytes.saturating_sub(size + OVERHEAD);
    }

    /// Returns the error of a refused message. No message follows it.
    pub(super) fn poll_refused(&self, context: &mut Context<'_>) -> Poll<TransportError> {
        let mut waiting = self.waiting.borrow_mut();
        match &waiting.refused {
            Some(reason) => Poll::Ready(TransportError::Violation(reason.clone())),
            None => {
                waiting.driver = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

const MESSAGE: &str = "message";

const TEXT: &str = "text message: frames are binary";

impl Waiting {
    /// Counts the message, or stops it and returns the waker of the driver.
    fn refuse(&mut self, message: &MessageEvent) -> Option<Waker> {
        if self.refused.is_none() {
            self.refused = self.count(message).err();
        }
        self.refused.as_ref()?;
        message.stop_immediate_propagation();
        self.driver.take()
    }

    fn count(&mut self, message: &MessageEvent) -> Result<(), CloseReason> {
        let size = match message.data().dyn_ref::<ArrayBuffer>() {
            Some(buffer) => usize::try_from(buffer.byte_length()).unwrap_or(usize::MAX),
            None => return Err(CloseReason::ProtocolViolation(TEXT.into())),
        };
        let bytes = self.bytes.saturating_add(size).saturating_add(OVERHEAD);
        if size > self.largest {
            return Err(CloseReason::MessageTooBig);
        }
        if bytes > self.largest.saturating_add(ROOM) {
            return Err(CloseReason::SlowConsumer);
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.browser.remove_event_listener_with_callback(MESSAGE, callback);
    }
}
