//! The chat as a page: the program that runs in the browser, behind `index.html`.

#![cfg(target_arch = "wasm32")]

mod channel;
mod conversation;
mod document;
mod entrance;
mod farewell;
mod guest;
mod input;
mod status;

use simplenet::{DeathReason, Url};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use crate::{
    conversation::Conversation, entrance::Entrance, farewell::Farewell, guest::Guest,
    input::Inputs, status::Status,
};

/// Brings the page to life.
///
/// # Errors
///
/// The document is not the one this was written for.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    let (sender, inputs) = input::inputs();
    let page = Page {
        url: document::server_url()?,
        status: Status::find(&sender)?,
        entrance: Entrance::find(&sender)?,
        conversation: Conversation::find(&sender)?,
        farewell: Farewell::find(&sender)?,
        inputs,
    };
    spawn_local(page.run());
    Ok(())
}

/// The parts of the document, and what somebody does with them.
struct Page {
    url: Url,
    status: Status,
    entrance: Entrance,
    conversation: Conversation,
    farewell: Farewell,
    inputs: Inputs,
}

impl Page {
    /// One visit after the other, as long as the tab is open.
    async fn run(mut self) {
        loop {
            let entered = self.entrance.ask(&mut self.inputs).await;
            self.conversation.begin(entered.room);
            let guest = Guest::enter(self.url.clone(), entered, &self.conversation, &self.status);
            let reason = guest.stay(&mut self.inputs).await;
            self.status.ended(&reason);
            self.conversation.end();
            if !matches!(reason, DeathReason::ClosedBySelf) {
                self.farewell.say(&reason, &mut self.inputs).await;
            }
            self.conversation.clear();
        }
    }
}
