//! Who may be a client.

#[cfg(feature = "server")]
mod authenticator;
mod request;
mod secret;

#[cfg(feature = "server")]
pub use authenticator::Authenticator;
pub use request::AuthRequest;
pub use secret::Secret;
