//! A minimal chat client: it joins a room, sends a message, and logs events to the console.

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
        Ok(url) => wasm_bindgen_futures::spawn_local(run(url)),
        Err(_) => log("invalid URL"),
    }
}

async fn run(url: Url) {
    let mut client = chat::Client::builder(url).connect(chat::Hello { name: "Ada".into() });
    while let Some(event) = client.recv().await {
        match event {
            chat::ClientEvent::Report(ClientReport::Connected) => {
                client.request(chat::Join { room: chat::RoomId(1) });
            }
            chat::ClientEvent::Response(chat::ServerResponse::Join(Ok(_)), _) => {
                client.request(chat::Say { room: chat::RoomId(1), text: "hello".into() });
            }
            chat::ClientEvent::Msg(chat::ServerMsg::Posted(posted)) => log(&posted.text),
            chat::ClientEvent::Report(ClientReport::IsDead(reason)) => log(&reason.to_string()),
            _ => {}
        }
    }
}

fn log(text: &str) {
    web_sys::console::log_1(&JsValue::from(text));
}
