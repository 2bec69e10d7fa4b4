//! The wall clock, by which tokens expire. Nothing else reads it, and what decides by it is told the time.

use std::time::SystemTime;

/// The present, as far as this machine knows it.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// The present, as far as the browser knows it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn now() -> SystemTime {
    web_time::web::SystemTimeExt::to_std(web_time::SystemTime::now())
}
