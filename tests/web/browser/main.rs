//! A client in a real browser, against servers outside of it.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails where it stands"
)]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod amounts;
mod ends;
#[cfg(feature = "hosted")]
mod hosted;
mod refusals;
mod returns;
mod silence;
mod talk;
mod tokens;
