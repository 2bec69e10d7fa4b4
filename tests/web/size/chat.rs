//! A minimal chat client: it joins a room, says hello, and prints events to the console of the browser.

#![cfg(target_arch = "wasm32")]

use simplenet::{ClientReport, Url};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// The channel of the chat example.
#[simplenet::channel(schema = "../../schemas/chat.ron")]
pub mod chat {}

/// Chats with the server at this URL.
#[wasm_bindgen]
pub fn start(url: &str) {
    match url.parse() {
        Ok(url) => wasm_bindgen_futures::spawn_local(converse(url)),
        Err(_) => show("this is no URL"),
    }
}

async fn converse(url: Url) {
    let mut client = chat::Client::builder(url).connect(chat::Hello { name: "Ada".into() });
    while let Some(event) = client.recv().await {
        match event {
            chat::ClientEvent::Report(ClientReport::Connected) => {
                client.request(chat::Join { room: chat::RoomId(1) });
            }
            chat::ClientEvent::Response(chat::ServerResponse::Join(Ok(_)), _) => {
                client.request(chat::Say { room: chat::RoomId(1), text: "hello".into() });
            }
            chat::ClientEvent::Msg(chat::ServerMsg::Posted(posted)) => show(&posted.text),
            chat::ClientEvent::Report(ClientReport::IsDead(reason)) => show(&reason.to_string()),
            _ => {}
        }
    }
}

fn show(text: &str) {
    web_sys::console::log_1(&JsValue::from(text));
}
