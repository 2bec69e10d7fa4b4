//! Who may be a client.

#[cfg(feature = "server")]
mod authenticator;
#[cfg(feature = "client")]
mod request;
mod secret;

#[cfg(feature = "server")]
pub use authenticator::Authenticator;
#[cfg(feature = "client")]
pub use request::AuthRequest;
pub use secret::Secret;
