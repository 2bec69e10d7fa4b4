use wasm_bindgen::JsValue;
use web_sys::{EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::{
    channel::chat::RoomId,
    document::{find, listen},
    input::{Input, Inputs, Sender, await_input},
};

/// Where somebody says who comes, and which room to.
pub(crate) struct Entrance {
    section: HtmlElement,
    name: HtmlInputElement,
}

/// Who comes, and where to.
pub(crate) struct Entered {
    pub(crate) name: String,
    pub(crate) room: RoomId,
}

impl Entrance {
    pub(crate) fn find(sender: &Sender) -> Result<Self, JsValue> {
        let (name, room): (HtmlInputElement, HtmlInputElement) = (find("name")?, find("room")?);
        let (sender, entered) = (sender.clone(), name.clone());
        listen(&find::<EventTarget>("enter")?, "submit", move |event| {
            event.prevent_default();
            if let Ok(room) = room.value().parse() {
                let name = entered.value().trim().to_owned();
                let _ = sender.try_send(Input::Enter(Entered { name, room: RoomId(room) }));
            }
        })?;
        find::<HtmlButtonElement>("join")?.set_disabled(false);
        Ok(Self { section: find("entrance")?, name })
    }

    /// Waits until somebody comes.
    pub(crate) async fn ask(&self, inputs: &mut Inputs) -> Entered {
        self.section.set_hidden(false);
        let _ = self.name.focus();
        let entered = await_input(inputs, |input| match input {
            Input::Enter(entered) => Some(entered),
            _ => None,
        })
        .await;
        self.section.set_hidden(true);
        entered
    }
}
