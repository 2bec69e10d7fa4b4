//! The wall clock. Only the expiry of tokens and the dates of HTTP depend on it, and the code that
//! checks them receives the time as an argument.

use std::time::SystemTime;

/// Returns the current time of the system.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// Returns the current time of the browser.
#[cfg(target_arch = "wasm32")]
pub(crate) fn now() -> SystemTime {
    web_time::web::SystemTimeExt::to_std(web_time::SystemTime::now())
}
