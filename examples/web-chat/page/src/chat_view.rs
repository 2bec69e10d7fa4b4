//! The lines of the chat, and the forms to send a line and to switch the room.

use wasm_bindgen::JsValue;
use web_sys::{Element, EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::{
    channel::chat::RoomId,
    document::{append, find, listen},
    input::{Input, Sender},
};

/// The view of the chat.
pub(crate) struct ChatView {
    section: HtmlElement,
    log: Element,
    room: HtmlInputElement,
    text: HtmlInputElement,
    send: HtmlButtonElement,
    switch: HtmlButtonElement,
}

/// The maximum number of lines in the log. Older lines are removed.
const MAX_LINES: u32 = 500;

/// The distance from the end of the log, in pixels, at which it still scrolls with new lines.
const END_MARGIN: i32 = 40;

impl ChatView {
    /// Finds the elements of the view, and listens to its forms and buttons.
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let view = Self {
            section: find("chat-view")?,
            log: find("log")?,
            room: find("other-room")?,
            text: find("text")?,
            send: find("send")?,
            switch: find("switch")?,
        };
        let (text, send, input_sender) = (view.text.clone(), view.send.clone(), sender.clone());
        listen(&find::<EventTarget>("message-form")?, "submit", move |event| {
            event.prevent_default();
            let line = text.value().trim().to_owned();
            // The text stays in its field until the line can be sent.
            if !send.disabled()
                && !line.is_empty()
                && input_sender.try_send(Input::Send(line)).is_ok()
            {
                text.set_value("");
            }
        })?;
        let (room, input_sender) = (view.room.clone(), sender.clone());
        listen(&find::<EventTarget>("room-form")?, "submit", move |event| {
            event.prevent_default();
            if let Ok(number) = room.value().parse() {
                let _ = input_sender.try_send(Input::SwitchRoom(RoomId(number)));
            }
        })?;
        let input_sender = sender.clone();
        listen(&find::<EventTarget>("leave")?, "click", move |_| {
            let _ = input_sender.try_send(Input::Leave);
        })?;
        Ok(view)
    }

    /// Shows the view.
    pub(crate) fn show(&self, room: RoomId) {
        self.room.set_value(&room.0.to_string());
        self.section.set_hidden(false);
    }

    /// Disables the view after the end of the chat. The lines stay visible.
    pub(crate) fn disable(&self) {
        self.set_connected(false);
        let _ = self.section.set_attribute("data-ended", "");
    }

    /// Hides the view and removes its lines.
    pub(crate) fn reset(&self) {
        self.section.set_hidden(true);
        let _ = self.section.remove_attribute("data-ended");
        self.log.set_text_content(None);
    }

    /// Enables the buttons that need a connection, or disables them.
    pub(crate) fn set_connected(&self, connected: bool) {
        self.send.set_disabled(!connected);
        self.switch.set_disabled(!connected);
    }

    /// Shows a new room, and moves the focus to the text field.
    pub(crate) fn set_room(&self, room: RoomId) {
        self.room.set_value(&room.0.to_string());
        let _ = self.text.focus();
    }

    /// Adds a line of the page itself, such as a change of the room.
    pub(crate) fn add_note(&self, text: &str) {
        self.add_line("note", |line| {
            append(line, "p", "", text);
        });
    }

    /// Adds a line of another member.
    pub(crate) fn add_received(&self, from: &str, text: &str) {
        self.add_line("received", |line| {
            append(line, "bdi", "from", from);
            append(line, "p", "", text);
        });
    }

    /// Adds a line that the user has sent and that is not delivered yet.
    pub(crate) fn add_sent(&self, text: &str) -> SentLine {
        SentLine(self.add_line("sent", |line| {
            append(line, "p", "", text);
            let state = append(line, "span", "state", "sending");
            state.map(|state| (line.clone(), state))
        }))
    }

    fn add_line<T: Default>(&self, class: &str, fill: impl FnOnce(&Element) -> T) -> T {
        let log = &self.log;
        let at_end = log.scroll_height() - log.scroll_top() - log.client_height() < END_MARGIN;
        let filled = match append(log, "div", class, "") {
            Some(line) => fill(&line),
            None => T::default(),
        };
        while log.child_element_count() > MAX_LINES
            && let Some(first) = log.first_element_child()
        {
            first.remove();
        }
        // A user who has scrolled back to older lines keeps the position.
        if at_end || class == "sent" {
            log.set_scroll_top(log.scroll_height());
        }
        filled
    }
}

/// A line of the user: its element, and the element of its delivery state.
pub(crate) struct SentLine(Option<(Element, Element)>);

impl SentLine {
    /// Shows that the server has received the line.
    pub(crate) fn set_delivered(self) {
        self.set_state("sent delivered", "delivered");
    }

    /// Shows that the line was not delivered.
    pub(crate) fn set_failed(self, reason: &str) {
        self.set_state("sent failed", reason);
    }

    fn set_state(self, class: &str, text: &str) {
        if let Some((line, state)) = self.0 {
            line.set_class_name(class);
            state.set_text_content(Some(text));
        }
    }
}
