//! The authentication of clients.

#[cfg(feature = "server")]
mod attempt;
#[cfg(feature = "server")]
mod authenticator;
#[cfg(feature = "server")]
mod clock_warnings;
#[cfg(feature = "auth")]
mod identity;
#[cfg(feature = "auth")]
mod issue;
#[cfg(feature = "auth")]
mod keys;
#[cfg(feature = "client")]
mod request;
#[cfg(feature = "auth")]
mod revocations;
#[cfg(feature = "_session")]
mod secret;
#[cfg(all(test, feature = "auth"))]
mod tests;
mod token;
#[cfg(feature = "auth")]
mod verify;

#[cfg(feature = "server")]
pub use attempt::{AuthAttempt, AuthCredentials, AuthRefusal};
#[cfg(feature = "server")]
pub use authenticator::{Authenticate, Authenticator, CustomAuthenticator};
#[cfg(feature = "server")]
pub(crate) use clock_warnings::ClockWarnings;
#[cfg(feature = "auth")]
pub use identity::AuthIdentity;
#[cfg(feature = "auth")]
pub use issue::{AuthTokenBuilder, make_auth_token_from_expiry, make_auth_token_from_lifetime};
#[cfg(feature = "auth")]
pub use keys::{AuthSigningKey, AuthVerifyingKey, KeyError, generate_auth_token_keys};
#[cfg(feature = "client")]
pub use request::{AuthProvider, AuthRequest, FreshToken};
#[cfg(feature = "server")]
pub(crate) use revocations::RevocationWatcher;
#[cfg(feature = "auth")]
pub use revocations::Revocations;
#[cfg(feature = "_session")]
pub use secret::Secret;
pub use token::{AuthToken, KeyId, TokenError, TokenId};
#[cfg(feature = "auth")]
pub use verify::{TokenRefusal, TokenVerifier};
