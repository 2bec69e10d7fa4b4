use std::rc::Rc;

use tokio::sync::Notify;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventTarget, VisibilityState, Window};

/// The wake events of a browser: the browser is online again, or the page is visible again.
///
/// After a wake event, the client ends its backoff early, or checks whether its connection is still
/// alive.
pub(crate) struct WakeEvents {
    noticed: Rc<Notify>,
    _listeners: Vec<Listener>,
}

impl WakeEvents {
    /// Registers the listeners that the environment supports. Workers and Node.js have no page.
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

    /// Waits for the next wake event, or returns at once if there was one since the last call.
    /// Cancel-safe.
    pub(crate) async fn next(&mut self) {
        self.noticed.notified().await;
    }
}

/// An event listener that is removed on drop.
struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn Fn()>,
}

impl Listener {
    fn new(target: EventTarget, event: &'static str, callback: impl Fn() + 'static) -> Self {
        let callback = Closure::<dyn Fn()>::new(callback);
        // Adding a listener to an event target cannot fail.
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
