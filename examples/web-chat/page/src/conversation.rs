use wasm_bindgen::JsValue;
use web_sys::{Element, EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::{
    channel::chat::RoomId,
    document::{append, find, listen},
    input::{Input, Sender},
};

/// What is said, and where to say something.
pub(crate) struct Conversation {
    section: HtmlElement,
    log: Element,
    room: HtmlInputElement,
    text: HtmlInputElement,
    send: HtmlButtonElement,
    go: HtmlButtonElement,
}

/// Lines that are kept; of a long conversation, the last.
const LINES: u32 = 500;

/// How near to its end the log counts as read to the end, in pixels.
const END: i32 = 40;

impl Conversation {
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let conversation = Self {
            section: find("conversation")?,
            log: find("log")?,
            room: find("other-room")?,
            text: find("text")?,
            send: find("send")?,
            go: find("go")?,
        };
        let (text, say) = (conversation.text.clone(), sender.clone());
        let send = conversation.send.clone();
        listen(&find::<EventTarget>("say")?, "submit", move |event| {
            event.prevent_default();
            let said = text.value().trim().to_owned();
            // What cannot be said now stays where it is.
            if !send.disabled() && !said.is_empty() && say.try_send(Input::Say(said)).is_ok() {
                text.set_value("");
            }
        })?;
        let (room, to) = (conversation.room.clone(), sender.clone());
        listen(&find::<EventTarget>("move")?, "submit", move |event| {
            event.prevent_default();
            if let Ok(number) = room.value().parse() {
                let _ = to.try_send(Input::Move(RoomId(number)));
            }
        })?;
        let leave = sender.clone();
        listen(&find::<EventTarget>("leave")?, "click", move |_| {
            let _ = leave.try_send(Input::Leave);
        })?;
        Ok(conversation)
    }

    pub(crate) fn begin(&self, room: RoomId) {
        self.room.set_value(&room.0.to_string());
        self.section.set_hidden(false);
    }

    /// There is nobody any more to talk to; what was said can still be read.
    pub(crate) fn end(&self) {
        self.can_send(false);
        let _ = self.section.set_attribute("data-over", "");
    }

    pub(crate) fn clear(&self) {
        self.section.set_hidden(true);
        let _ = self.section.remove_attribute("data-over");
        self.log.set_text_content(None);
    }

    pub(crate) fn can_send(&self, can: bool) {
        self.send.set_disabled(!can);
        self.go.set_disabled(!can);
    }

    /// In the room that was asked for, where something can be said.
    pub(crate) fn arrive(&self, room: RoomId) {
        self.room.set_value(&room.0.to_string());
        let _ = self.text.focus();
    }

    /// Something that nobody has said.
    pub(crate) fn note(&self, text: &str) {
        self.line("note", |line| {
            append(line, "p", "", text);
        });
    }

    /// Something that somebody else has said.
    pub(crate) fn heard(&self, from: &str, text: &str) {
        self.line("heard", |line| {
            append(line, "bdi", "from", from);
            append(line, "p", "", text);
        });
    }

    /// Something that this guest says.
    pub(crate) fn says(&self, text: &str) -> Saying {
        Saying(self.line("said", |line| {
            append(line, "p", "", text);
            let state = append(line, "span", "state", "sending");
            state.map(|state| (line.clone(), state))
        }))
    }

    fn line<T: Default>(&self, class: &str, fill: impl FnOnce(&Element) -> T) -> T {
        let log = &self.log;
        let at_end = log.scroll_height() - log.scroll_top() - log.client_height() < END;
        let filled = match append(log, "div", class, "") {
            Some(line) => fill(&line),
            None => T::default(),
        };
        while log.child_element_count() > LINES
            && let Some(first) = log.first_element_child()
        {
            first.remove();
        }
        // Who reads what was said earlier is left there.
        if at_end || class == "said" {
            log.set_scroll_top(log.scroll_height());
        }
        filled
    }
}

/// What this guest has said, and what became of it.
pub(crate) struct Saying(Option<(Element, Element)>);

impl Saying {
    pub(crate) fn arrived(self) {
        self.ends("said arrived", "delivered");
    }

    pub(crate) fn failed(self, why: &str) {
        self.ends("said failed", why);
    }

    fn ends(self, class: &str, text: &str) {
        if let Some((line, state)) = self.0 {
            line.set_class_name(class);
            state.set_text_content(Some(text));
        }
    }
}
