//! The executor of tasks: tokio, or the event loop of a browser.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
use native as platform;
#[cfg(target_arch = "wasm32")]
use web as platform;

pub(crate) use platform::Runtime;
#[cfg(feature = "client")]
pub(crate) use platform::{BoxFuture, MaybeSend, WakeEvents};
