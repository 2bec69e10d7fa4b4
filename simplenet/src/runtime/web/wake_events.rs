use std::rc::Rc;

use tokio::sync::Notify;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventTarget, VisibilityState, Window};

/// The wake events of a browser: the browser is online again, or the page is visible again, resumed
/// after it was frozen, or restored from the back/forward cache.
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
            listeners.push(Listener::new(window_or_worker, "online", notify(&noticed)));
        }
        if let Ok(window) = global.dyn_into::<Window>() {
            if let Some(page) = window.document() {
                // A page may still be hidden when it is resumed or restored.
                listeners.push(Listener::new(page.clone().into(), "resume", notify(&noticed)));
                let (target, visible) = (page.clone().into(), notify(&noticed));
                listeners.push(Listener::new(target, "visibilitychange", move || {
                    if page.visibility_state() == VisibilityState::Visible {
                        visible();
                    }
                }));
            }
            listeners.push(Listener::new(window.into(), "pageshow", notify(&noticed)));
        }
        Self { noticed, _listeners: listeners }
    }

    /// Waits for the next wake event, or returns at once if there was one since the last call.
    /// Cancel-safe.
    pub(crate) async fn next(&mut self) {
        self.noticed.notified().await;
    }
}

fn notify(noticed: &Rc<Notify>) -> impl Fn() + 'static {
    let noticed = noticed.clone();
    move || noticed.notify_one()
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
