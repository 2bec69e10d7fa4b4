//! The notice at the end of a chat.

use simplenet::{CloseReason, DeathReason, OlderSide, ProtocolMismatch};
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlButtonElement, HtmlElement};

use crate::{
    document::{append, find, listen, window},
    input::{Input, Inputs, Sender, await_input},
};

/// The notice that a chat has ended, with the reason and a button.
pub(crate) struct Notice {
    section: HtmlElement,
    title: HtmlElement,
    text: HtmlElement,
    changes: Element,
    reload: HtmlButtonElement,
    back: HtmlButtonElement,
}

const OUTDATED: &str = "This page is out of date";

impl Notice {
    /// Finds the elements of the notice, and listens to its buttons.
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let notice = Self {
            section: find("notice")?,
            title: find("notice-title")?,
            text: find("notice-text")?,
            changes: find("changes")?,
            reload: find("reload")?,
            back: find("back")?,
        };
        listen(&notice.reload, "click", |_| {
            let _ = window().and_then(|window| window.location().reload());
        })?;
        let sender = sender.clone();
        listen(&notice.back, "click", move |_| {
            let _ = sender.try_send(Input::Back);
        })?;
        Ok(notice)
    }

    /// Shows the notice until the user returns to the form or reloads the page.
    pub(crate) async fn show(&self, reason: &DeathReason, inputs: &mut Inputs) {
        let needs_reload = match reason {
            DeathReason::Refused(CloseReason::ProtocolMismatch(mismatch)) => {
                self.set_mismatch(mismatch);
                true
            }
            DeathReason::Refused(reason @ CloseReason::WireVersion { .. }) => {
                self.set(OUTDATED, &format!("The server refuses this page: {reason}."));
                true
            }
            DeathReason::SessionEnded(CloseReason::Kicked(text)) => {
                self.set("You were disconnected", &format!("The server's reason: {text}."));
                false
            }
            reason => {
                self.set("The chat has ended", &format!("Reason: {reason}."));
                false
            }
        };
        self.reload.set_hidden(!needs_reload);
        self.back.set_hidden(needs_reload);
        self.section.set_hidden(false);
        let button = if needs_reload { &self.reload } else { &self.back };
        let _ = button.focus();
        await_input(inputs, |input| matches!(input, Input::Back).then_some(())).await;
        self.section.set_hidden(true);
        self.changes.set_text_content(None);
    }

    fn set_mismatch(&self, mismatch: &ProtocolMismatch) {
        match mismatch.older {
            OlderSide::Server => self.set(
                "The server is being updated",
                "This page is newer than its server. Reload it in a moment.",
            ),
            _ => self.set(
                OUTDATED,
                "The chat was updated while this page was open. Reload to get the new page.",
            ),
        }
        for change in &mismatch.changes {
            let line = append(&self.changes, "li", "", "");
            let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".into());
            if let Some(line) = line {
                append(&line, "code", "", &change.path);
                append(&line, "span", "", ": here ");
                append(&line, "code", "", &side(&change.client));
                append(&line, "span", "", ", on the server ");
                append(&line, "code", "", &side(&change.server));
            }
        }
        if mismatch.omitted > 0 {
            append(&self.changes, "li", "", &format!("and {} more", mismatch.omitted));
        }
    }

    fn set(&self, title: &str, text: &str) {
        self.title.set_text_content(Some(title));
        self.text.set_text_content(Some(text));
    }
}
