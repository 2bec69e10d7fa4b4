//! A client in a real browser, against native servers.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed precondition fails the test at its line"
)]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod ends;
mod liveness;
mod messages;
mod refusals;
mod same_id;
#[cfg(feature = "page-server")]
mod server_in_page;
mod sizes;
mod tokens;
mod wake_events;
