mod provider;

pub use provider::{AuthProvider, FreshToken};

use super::{secret::Secret, token::AuthToken};
use crate::id::ClientId;

/// How a client says who it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthRequest {
    /// By its word alone; for a server with [`Authenticator::None`](crate::Authenticator::None).
    None {
        /// The id it asks for.
        client_id: ClientId,
    },
    /// By a secret shared with the server; for [`Authenticator::Secret`](crate::Authenticator::Secret).
    Secret {
        /// The id it asks for.
        client_id: ClientId,
        /// At most [`Secret::MAX_BYTES`] bytes; a longer one is refused.
        secret: Secret,
    },
    /// By a token; for [`Authenticator::Token`](crate::Authenticator::Token). Once it has expired, by this machine's clock or
    /// by the server's, the client is dead.
    Token {
        /// Names the id too.
        token: AuthToken,
    },
    /// By tokens that are always fresh, so that the client outlives each of them, and moves with its server.
    Provider {
        /// The id that the tokens are for.
        client_id: ClientId,
        /// Where they come from.
        provider: AuthProvider,
    },
}

impl AuthRequest {
    /// The id that the request asks for.
    pub fn client_id(&self) -> ClientId {
        match self {
            Self::None { client_id }
            | Self::Secret { client_id, .. }
            | Self::Provider { client_id, .. } => *client_id,
            Self::Token { token } => token.client_id(),
        }
    }
}
