use super::{AuthToken, Secret};
use crate::{ClientId, wire::Auth};

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
    /// By a token; for [`Authenticator::Token`](crate::Authenticator::Token). Once it has expired, the client is dead.
    Token {
        /// Names the id too.
        token: AuthToken,
    },
}

impl AuthRequest {
    /// The id that the request asks for.
    pub fn client_id(&self) -> ClientId {
        match self {
            Self::None { client_id } | Self::Secret { client_id, .. } => *client_id,
            Self::Token { token } => token.client_id(),
        }
    }

    pub(crate) fn to_wire(&self) -> Auth {
        match self {
            Self::None { client_id } => Auth::None { client_id: client_id.get() },
            Self::Token { token } => Auth::Token(token.as_bytes().to_vec().into()),
            Self::Secret { client_id, secret } => {
                Auth::Secret { client_id: client_id.get(), secret: secret.expose().to_vec().into() }
            }
        }
    }
}
