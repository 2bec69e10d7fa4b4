//! A client in a real browser, against native servers.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed precondition fails the test at its place"
)]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod amounts;
mod ends;
#[cfg(feature = "hosted")]
mod hosted;
mod refusals;
mod silence;
mod talk;
mod tokens;
mod wake_events;
