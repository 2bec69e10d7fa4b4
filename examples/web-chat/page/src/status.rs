//! The status line of the connection.

use simplenet::{ClientState, DeathReason, NotConnected};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::HtmlElement;

use crate::{
    channel::chat::Client,
    document::{find, window},
    input::{Input, Sender},
};

/// The status line of the connection.
pub(crate) struct Status {
    line: HtmlElement,
    /// A screen reader reads its changes aloud, so values that change often are in `detail`.
    state: HtmlElement,
    detail: HtmlElement,
}

impl Status {
    /// Finds the elements of the status line, and starts a timer that sends a tick per second.
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let sender = sender.clone();
        let tick = Closure::<dyn FnMut()>::new(move || {
            let _ = sender.try_send(Input::Tick);
        });
        window()?.set_interval_with_callback_and_timeout_and_arguments_0(
            tick.into_js_value().unchecked_ref(),
            1000,
        )?;
        Ok(Self { line: find("status")?, state: find("state")?, detail: find("detail")? })
    }

    /// Shows the state of the client's connection.
    pub(crate) fn update(&self, client: &Client) {
        match client.state() {
            ClientState::Accepted => {
                let rtt = client.rtt().map(|rtt| format!("{:.1} ms", rtt.as_secs_f64() * 1000.0));
                self.set("connected", "Connected", &rtt.unwrap_or_default());
            }
            ClientState::Connecting { reason: NotConnected::Connecting, .. } => {
                self.set("connecting", "Connecting", "");
            }
            ClientState::Connecting { attempt, reason, .. } => {
                let detail = format!("{reason}. Reconnecting, attempt {attempt}");
                self.set("connecting", "No connection", &detail);
            }
            ClientState::Dead(reason) => self.set_ended(&reason),
            _ => {}
        }
    }

    /// Shows that the client has ended.
    pub(crate) fn set_ended(&self, reason: &DeathReason) {
        match reason {
            DeathReason::Refused(_) => self.set("dead", "Refused", ""),
            _ => self.set("dead", "Not connected", ""),
        }
    }

    fn set(&self, kind: &str, state: &str, detail: &str) {
        // A screen reader would read an assignment of the same text aloud again.
        if self.state.text_content().as_deref() != Some(state) {
            self.state.set_text_content(Some(state));
        }
        self.detail.set_text_content(Some(detail));
        let _ = self.line.set_attribute("data-kind", kind);
    }
}
