//! A minimal chat client: it joins a room, sends a message, and logs events to the console.

#![cfg(target_arch = "wasm32")]

use simplenet::ClientReport;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// The channel of the chat example.
#[simplenet::channel(schema = "../../schemas/chat.ron")]
pub mod chat {}

/// Chats with the server at this URL.
#[wasm_bindgen]
pub fn start(url: &str) {
    let client = chat::Client::builder(url).connect(chat::Hello { name: "Ada".into() });
    wasm_bindgen_futures::spawn_local(run(client));
}

async fn run(mut client: chat::Client) {
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
