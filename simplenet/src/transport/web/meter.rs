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

/// Bounds the messages that have come and were not taken.
///
/// A browser reads on whatever the page does, and no API makes it stop. So who is not read from for too long loses the
/// connection. The meter sees each message before it is copied into the memory of the program.
pub(super) struct Meter {
    browser: WebSocket,
    callback: Closure<dyn Fn(MessageEvent)>,
    waiting: Rc<RefCell<Waiting>>,
}

/// What has come and was not taken.
struct Waiting {
    largest: usize,
    bytes: usize,
    refused: Option<CloseReason>,
    driver: Option<Waker>,
}

/// What may wait besides one message of the largest size, in bytes and [`OVERHEAD`] for each message.
const ROOM: usize = 64 * 1024;

/// What it takes to keep a message.
const OVERHEAD: usize = 64;

impl Meter {
    pub(super) fn new(browser: &WebSocket, limits: WebSocketLimits) -> Result<Self, JsValue> {
        let waiting = Rc::new(RefCell::new(Waiting {
            // A hello's answer must pass; what is larger than configured, the session refuses.
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

    /// A message is taken.
    pub(super) fn take(&self, size: usize) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.bytes = waiting.bytes.saturating_sub(size + OVERHEAD);
    }

    /// Ready when a message was refused: nothing comes after it.
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

const TEXT: &str = "a text message; frames are binary";

impl Waiting {
    /// Counts the message, or keeps it from going further; who is to be told then.
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
