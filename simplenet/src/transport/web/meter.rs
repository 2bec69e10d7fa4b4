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

/// A limit on the unread messages of a browser's WebSocket.
///
/// A browser reads from the network without backpressure. So a connection with too many unread
/// messages is closed. The meter counts each message before the message is copied into the memory
/// of the program.
pub(super) struct Meter {
    browser: WebSocket,
    callback: Closure<dyn Fn(MessageEvent)>,
    unread: Rc<RefCell<Unread>>,
}

/// The state of the unread messages.
struct Unread {
    largest: usize,
    bytes: usize,
    refused: Option<CloseReason>,
    driver: Option<Waker>,
}

/// The limit of unread bytes, in addition to one message of the largest size. Each message counts
/// as its length plus [`OVERHEAD`].
const UNREAD_LIMIT: usize = 64 * 1024;

/// The memory overhead of a queued message in bytes.
const OVERHEAD: usize = 64;

impl Meter {
    pub(super) fn new(browser: &WebSocket, limits: WebSocketLimits) -> Result<Self, JsValue> {
        let unread = Rc::new(RefCell::new(Unread {
            // The answer to a hello may exceed the limit of a session.
            largest: limits.max_message.max(MAX_HELLO_BYTES),
            bytes: 0,
            refused: None,
            driver: None,
        }));
        let callback = {
            let unread = unread.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let driver = unread.borrow_mut().refuse(&event);
                if let Some(driver) = driver {
                    driver.wake();
                }
            })
        };
        browser.add_event_listener_with_callback(MESSAGE, callback.as_ref().unchecked_ref())?;
        Ok(Self { browser: browser.clone(), callback, unread })
    }

    /// Records that a message was read.
    pub(super) fn take(&self, size: usize) {
        let mut unread = self.unread.borrow_mut();
        unread.bytes = unread.bytes.saturating_sub(size + OVERHEAD);
    }

    /// Returns the error of a refused message. Later messages are dropped.
    pub(super) fn poll_refused(&self, context: &mut Context<'_>) -> Poll<TransportError> {
        let mut unread = self.unread.borrow_mut();
        match &unread.refused {
            Some(reason) => Poll::Ready(TransportError::Violation(reason.clone())),
            None => {
                unread.driver = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

const MESSAGE: &str = "message";

const TEXT: &str = "text message: frames are binary";

impl Unread {
    /// Counts the message. If the message is refused, stops it and returns the waker of the driver.
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
        if bytes > self.largest.saturating_add(UNREAD_LIMIT) {
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
