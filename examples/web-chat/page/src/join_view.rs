//! The form for a name and a room.

use wasm_bindgen::JsValue;
use web_sys::{EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::{
    channel::chat::RoomId,
    document::{find, listen},
    input::{Input, Inputs, Sender, await_input},
};

/// The view with the form for a name and a room.
pub(crate) struct JoinView {
    section: HtmlElement,
    name: HtmlInputElement,
}

/// The values of the submitted form.
pub(crate) struct JoinRequest {
    pub(crate) name: String,
    pub(crate) room: RoomId,
}

impl JoinView {
    /// Finds the elements of the view, and listens to the form.
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let (name, room): (HtmlInputElement, HtmlInputElement) = (find("name")?, find("room")?);
        let (sender, name_input) = (sender.clone(), name.clone());
        listen(&find::<EventTarget>("join-form")?, "submit", move |event| {
            event.prevent_default();
            if let Ok(room) = room.value().parse() {
                let name = name_input.value().trim().to_owned();
                let _ = sender.try_send(Input::Join(JoinRequest { name, room: RoomId(room) }));
            }
        })?;
        find::<HtmlButtonElement>("join")?.set_disabled(false);
        Ok(Self { section: find("join-view")?, name })
    }

    /// Shows the view until the user submits the form.
    pub(crate) async fn ask(&self, inputs: &mut Inputs) -> JoinRequest {
        self.section.set_hidden(false);
        let _ = self.name.focus();
        let request = await_input(inputs, |input| match input {
            Input::Join(request) => Some(request),
            _ => None,
        })
        .await;
        self.section.set_hidden(true);
        request
    }
}
