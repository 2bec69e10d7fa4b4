use simplenet::{CloseReason, DeathReason, OlderSide, ProtocolMismatch};
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlButtonElement, HtmlElement};

use crate::{
    document::{append, find, listen, window},
    input::{Input, Inputs, Sender, await_input},
};

/// Says why the chat is over, and what can be done.
pub(crate) struct Farewell {
    section: HtmlElement,
    title: HtmlElement,
    text: HtmlElement,
    changes: Element,
    reload: HtmlButtonElement,
    back: HtmlButtonElement,
}

impl Farewell {
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let farewell = Self {
            section: find("farewell")?,
            title: find("farewell-title")?,
            text: find("farewell-text")?,
            changes: find("changes")?,
            reload: find("reload")?,
            back: find("back")?,
        };
        listen(&farewell.reload, "click", |_| {
            let _ = window().and_then(|window| window.location().reload());
        })?;
        let sender = sender.clone();
        listen(&farewell.back, "click", move |_| {
            let _ = sender.try_send(Input::Back);
        })?;
        Ok(farewell)
    }

    /// Says it until somebody goes back to the entrance, or reloads the page.
    pub(crate) async fn say(&self, reason: &DeathReason, inputs: &mut Inputs) {
        let wants_update = match reason {
            DeathReason::Refused(CloseReason::ProtocolMismatch(mismatch)) => {
                self.say_mismatch(mismatch);
                true
            }
            DeathReason::Refused(reason @ CloseReason::WireVersion { .. }) => {
                self.set(OUTDATED, &format!("The server does not understand this page: {reason}."));
                true
            }
            DeathReason::SessionEnded(CloseReason::Kicked(why)) => {
                self.set("You were sent away", &format!("The server says: {why}."));
                false
            }
            reason => {
                self.set("The chat is over", &format!("The reason: {reason}."));
                false
            }
        };
        self.reload.set_hidden(!wants_update);
        self.back.set_hidden(wants_update);
        self.section.set_hidden(false);
        let button = if wants_update { &self.reload } else { &self.back };
        let _ = button.focus();
        await_input(inputs, |input| matches!(input, Input::Back).then_some(())).await;
        self.section.set_hidden(true);
        self.changes.set_text_content(None);
    }

    fn say_mismatch(&self, mismatch: &ProtocolMismatch) {
        match mismatch.older {
            OlderSide::Server => self.set(
                "The server is being updated",
                "This page is newer than its server. Reload it in a moment.",
            ),
            _ => self.set(
                OUTDATED,
                "The chat was updated while this page was open, and the two no longer understand each other. \
                 Reload to get the new page.",
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

const OUTDATED: &str = "This page is out of date";
