//! The program of `index.html`: the chat in a browser.

#![cfg(target_arch = "wasm32")]

mod channel;
mod chat_client;
mod chat_view;
mod document;
mod input;
mod join_view;
mod notice;
mod status;

use simplenet::DeathReason;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use crate::{
    chat_client::ChatClient, chat_view::ChatView, input::Inputs, join_view::JoinView,
    notice::Notice, status::Status,
};

/// Starts the page.
///
/// # Errors
///
/// An element that the program needs is missing in the document.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    let (sender, inputs) = input::inputs();
    let page = Page {
        url: document::server_url()?,
        status: Status::find(&sender)?,
        join_view: JoinView::find(&sender)?,
        chat_view: ChatView::find(&sender)?,
        notice: Notice::find(&sender)?,
        inputs,
    };
    spawn_local(page.run());
    Ok(())
}

/// The views of the page, and the input of the user.
struct Page {
    url: String,
    status: Status,
    join_view: JoinView,
    chat_view: ChatView,
    notice: Notice,
    inputs: Inputs,
}

impl Page {
    /// Runs one chat after the other, as long as the page exists.
    async fn run(mut self) {
        loop {
            let request = self.join_view.ask(&mut self.inputs).await;
            self.chat_view.show(request.room);
            let client = ChatClient::start(&self.url, request, &self.chat_view, &self.status);
            let reason = client.run(&mut self.inputs).await;
            self.status.set_ended(&reason);
            self.chat_view.disable();
            if !matches!(reason, DeathReason::ClosedBySelf) {
                self.notice.show(&reason, &mut self.inputs).await;
            }
            self.chat_view.reset();
        }
    }
}
