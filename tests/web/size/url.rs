//! Takes a URL apart, as the client does: names of hosts may be in any script.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// The host in this URL.
#[wasm_bindgen]
pub fn start(url: &str) -> Option<String> {
    Some(simplenet::Url::parse(url).ok()?.host_str()?.to_owned())
}
