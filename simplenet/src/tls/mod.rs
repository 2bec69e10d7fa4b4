//! What a byte stream goes through before it carries a WebSocket: nothing, or TLS. In a browser, what the browser does.

mod failure;
#[cfg(feature = "server")]
mod identity;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

pub use failure::TlsFailure;
#[cfg(feature = "server")]
pub use identity::TlsIdentity;
#[cfg(not(target_arch = "wasm32"))]
#[allow(
    unreachable_pub,
    unused_imports,
    reason = "a client without TLS has nothing public there"
)]
pub use native::*;
#[cfg(target_arch = "wasm32")]
pub(crate) use web::*;
