//! TLS over byte streams, by rustls or OpenSSL.

#[cfg(feature = "server")]
mod acceptor;
#[cfg(all(feature = "client", feature = "tls-rustls"))]
mod client;
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
mod credentials;
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
mod error;
mod failure;
#[cfg(feature = "tls-openssl")]
mod openssl;
#[cfg(all(feature = "client", feature = "tls-rustls"))]
mod platform;
#[cfg(all(feature = "server", any(feature = "tls-rustls", feature = "tls-openssl")))]
mod reloadable;
#[cfg(feature = "tls-rustls")]
mod rustls;
#[cfg(feature = "client")]
mod security;
#[cfg(all(feature = "server", any(feature = "tls-rustls", feature = "tls-openssl")))]
mod server;
mod stream;

#[cfg(feature = "tls-openssl")]
pub use self::openssl::OpensslAcceptor;
#[cfg(feature = "server")]
pub use acceptor::AcceptorConfig;
#[cfg(all(feature = "client", feature = "tls-rustls"))]
pub use client::ClientTls;
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
pub use credentials::{Certificates, PrivateKey};
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
pub use error::TlsError;
#[cfg(all(feature = "server", feature = "tls-rustls"))]
pub use rustls::RustlsAcceptor;
#[cfg(feature = "client")]
pub(crate) use security::{Security, SecuritySettings};
#[cfg(all(feature = "server", any(feature = "tls-rustls", feature = "tls-openssl")))]
pub use server::ServerTls;
pub(crate) use stream::ByteStream;

#[cfg(feature = "client")]
use super::TlsFailure;
#[cfg(feature = "server")]
use super::TlsIdentity;

/// The bytes that a peer may send during the TLS handshake. Some certificate chains have 20 KiB.
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
const HANDSHAKE_BYTES: u64 = 64 * 1024;

/// The application protocol in ALPN. The WebSocket upgrade is part of HTTP/1.1.
#[cfg(feature = "tls-rustls")]
const ALPN: &[u8] = b"http/1.1";
