use std::{error::Error, fmt, net::SocketAddr};

use super::{AuthToken, Secret};
use crate::{env::EnvType, id::ClientId, tls::TlsIdentity};

/// Somebody who wants to be a client, before it is decided who it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthAttempt {
    /// What it shows.
    pub credentials: AuthCredentials,
    /// Where it runs, by its own word.
    pub env: EnvType,
    /// Where the connection comes from; `None` for one within the process.
    pub address: Option<SocketAddr>,
    /// Its verified certificate, where the server asks for one and it has it.
    pub tls: Option<TlsIdentity>,
    /// The name of the server's channel.
    pub channel: &'static str,
    /// The client whose session goes on with this, where it is a fresh token in place of an old one. Accepted for another
    /// client, it ends the session.
    pub renews: Option<ClientId>,
}

/// What a client shows of who it is. Nothing in it has been verified.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthCredentials {
    /// Its word alone.
    None {
        /// The id it asks for.
        client_id: ClientId,
    },
    /// A secret.
    Secret {
        /// The id it asks for.
        client_id: ClientId,
        /// What it presents.
        secret: Secret,
    },
    /// A token; see [`TokenVerifier`](crate::TokenVerifier).
    Token(AuthToken),
}

/// Why somebody is no client: for the server's log, never for the client. Made of a text, or by `?` of any error.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthRefusal(String);

impl AuthCredentials {
    /// The id that it asks for.
    pub fn client_id(&self) -> ClientId {
        match self {
            Self::None { client_id } | Self::Secret { client_id, .. } => *client_id,
            Self::Token(token) => token.client_id(),
        }
    }
}

impl AuthRefusal {
    /// Refuses for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl<E: Error> From<E> for AuthRefusal {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for AuthRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AuthRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthRefusal({:?})", self.0)
    }
}
