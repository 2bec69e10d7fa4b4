mod provider;

pub use provider::{AuthProvider, FreshToken};

use super::{secret::Secret, token::AuthToken};
use crate::id::ClientId;

/// The credentials with which a client authenticates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthRequest {
    /// No credentials; for a server with [`Authenticator::None`](crate::Authenticator::None).
    None {
        /// The id that the client requests.
        client_id: ClientId,
    },
    /// A secret that client and server share; for
    /// [`Authenticator::Secret`](crate::Authenticator::Secret).
    Secret {
        /// The id that the client requests.
        client_id: ClientId,
        /// The secret, of at most [`Secret::MAX_BYTES`] bytes. A longer one is refused.
        secret: Secret,
    },
    /// A single token; for [`Authenticator::Token`](crate::Authenticator::Token). The clock of the
    /// server decides whether the token is valid, because the clock of this machine may be wrong.
    /// When the token has expired, the client is dead, see
    /// [`DeathReason::TokenExpired`](crate::DeathReason::TokenExpired).
    Token {
        /// The token. It contains the client's id.
        token: AuthToken,
    },
    /// A provider of fresh tokens, so that the client outlives each token. The provider can also
    /// move the client to another server.
    Provider {
        /// The id that the tokens are for.
        client_id: ClientId,
        /// The source of the tokens.
        provider: AuthProvider,
    },
}

impl AuthRequest {
    /// Returns a request without credentials.
    pub fn none(client_id: impl Into<ClientId>) -> Self {
        Self::None { client_id: client_id.into() }
    }

    /// Returns a request with a shared secret.
    pub fn secret(client_id: impl Into<ClientId>, secret: Secret) -> Self {
        Self::Secret { client_id: client_id.into(), secret }
    }

    /// Returns a request with a single token.
    pub fn token(token: AuthToken) -> Self {
        Self::Token { token }
    }

    /// Returns a request with a provider of fresh tokens.
    pub fn provider(client_id: impl Into<ClientId>, provider: AuthProvider) -> Self {
        Self::Provider { client_id: client_id.into(), provider }
    }

    /// Returns the id that the client requests.
    pub fn client_id(&self) -> ClientId {
        match self {
            Self::None { client_id }
            | Self::Secret { client_id, .. }
            | Self::Provider { client_id, .. } => *client_id,
            Self::Token { token } => token.client_id(),
        }
    }
}
