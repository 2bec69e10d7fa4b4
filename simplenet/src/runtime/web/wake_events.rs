use std::rc::Rc;

use tokio::sync::Notify;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventTarget, VisibilityState, Window};

/// When the network or the person has come back: the browser is online again, or the page can be seen again.
///
/// To wait out a long backoff then would make no sense; and a connection that nobody could watch may have died.
pub(crate) struct WakeEvents {
    noticed: Rc<Notify>,
    _listeners: Vec<Listener>,
}

impl WakeEvents {
    /// Listens from now on, to as much as there is: a worker has no page, and Node.js neither.
    pub(crate) fn new() -> Self {
        let noticed = Rc::new(Notify::new());
        let mut listeners = Vec::new();
        let global = js_sys::global();
        if let Ok(window_or_worker) = global.clone().dyn_into::<EventTarget>() {
            let noticed = noticed.clone();
            listeners.push(Listener::new(window_or_worker, "online", move || noticed.notify_one()));
        }
        if let Some(page) = global.dyn_into::<Window>().ok().and_then(|window| window.document()) {
            let noticed = noticed.clone();
            let target = page.clone().into();
            listeners.push(Listener::new(target, "visibilitychange", move || {
                if page.visibility_state() == VisibilityState::Visible {
                    noticed.notify_one();
                }
            }));
        }
        Self { noticed, _listeners: listeners }
    }

    /// The next return, or one since the last time it was asked. Cancel-safe.
    pub(crate) async fn next(&mut self) {
        self.noticed.notified().await;
    }
}

/// Is called for an event as long as it lives.
struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn Fn()>,
}

impl Listener {
    fn new(target: EventTarget, event: &'static str, callback: impl Fn() + 'static) -> Self {
        let callback = Closure::<dyn Fn()>::new(callback);
        // Fails for no event target there is.
        let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
        Self { target, event, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}
