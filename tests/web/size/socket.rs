//! The WebSocket library of the client without simplenet, for comparison.

#![cfg(target_arch = "wasm32")]

use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::{Message, futures::WebSocket};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Sends a message to the server at this URL, and logs the sizes of its answers.
#[wasm_bindgen]
pub fn start(url: &str) {
    let Ok(mut socket) = WebSocket::open(url) else {
        return;
    };
    wasm_bindgen_futures::spawn_local(async move {
        let _ = socket.send(Message::Bytes(b"hello".to_vec())).await;
        while let Some(Ok(Message::Bytes(bytes))) = socket.next().await {
            web_sys::console::log_1(&JsValue::from(bytes.len()));
        }
    });
}
