//! The URL parser of the client, for comparison. It accepts international domain names.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Returns the host in this URL.
#[wasm_bindgen]
pub fn start(url: &str) -> Option<String> {
    Some(simplenet::Url::parse(url).ok()?.host_str()?.to_owned())
}
