//! TLS between the byte stream and the WebSocket. In a browser, the browser does TLS itself.

mod failure;
#[cfg(feature = "server")]
mod identity;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(all(feature = "server", target_arch = "wasm32"))]
mod web;

pub use failure::TlsFailure;
#[cfg(feature = "server")]
pub use identity::TlsIdentity;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub use native::AcceptorConfig;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::ByteStream;
#[cfg(all(feature = "client", feature = "tls-rustls", not(target_arch = "wasm32")))]
pub use native::ClientTls;
#[cfg(all(feature = "tls-openssl", not(target_arch = "wasm32")))]
pub use native::OpensslAcceptor;
#[cfg(all(feature = "server", feature = "tls-rustls", not(target_arch = "wasm32")))]
pub use native::RustlsAcceptor;
#[cfg(all(
    feature = "server",
    any(feature = "tls-rustls", feature = "tls-openssl"),
    not(target_arch = "wasm32")
))]
pub use native::ServerTls;
#[cfg(all(any(feature = "tls-rustls", feature = "tls-openssl"), not(target_arch = "wasm32")))]
pub use native::{Certificates, PrivateKey, TlsError};
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use native::{Security, SecuritySettings};
#[cfg(all(feature = "server", target_arch = "wasm32"))]
pub(crate) use web::AcceptorConfig;
