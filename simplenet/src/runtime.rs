//! Where tasks run: on tokio, or on the event loop of a browser.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use native::Returns;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::Runtime;
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use native::{MaybeSend, Returns};
#[cfg(target_arch = "wasm32")]
pub(crate) use web::Runtime;
#[cfg(all(feature = "client", target_arch = "wasm32"))]
pub(crate) use web::{MaybeSend, Returns};
