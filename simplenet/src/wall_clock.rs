//! The wall clock, which only the expiry of tokens uses. The code that decides by it receives the time as an
//! argument.

use std::time::SystemTime;

/// Returns the current time of the system.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// The present, as far as the browser knows it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn now() -> SystemTime {
    web_time::web::SystemTimeExt::to_std(web_time::SystemTime::now())
}
