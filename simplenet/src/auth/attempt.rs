use std::{error::Error, fmt, net::SocketAddr};

use super::{AuthToken, Secret, TokenRefusal};
use crate::{env::EnvType, id::ClientId, text::error_chain, tls::TlsIdentity};

/// The data that an [`Authenticator`](crate::Authenticator) receives about a peer that requests to
/// be a client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthAttempt {
    /// The credentials that the peer presents.
    pub credentials: AuthCredentials,
    /// The platform that the peer claims to run on. Not verified.
    pub env: EnvType,
    /// The remote address of the connection. `None` for a connection within the process.
    pub address: Option<SocketAddr>,
    /// The verified certificate of the peer, if the server requests one and the peer presented one.
    pub tls: Option<TlsIdentity>,
    /// The name of the server's channel.
    pub channel: &'static str,
    /// The client of the running session, if that session presents a fresh token in place of its
    /// old one. `None` for a new connection. If the authenticator returns the identity of another
    /// client, the session ends.
    pub renews: Option<ClientId>,
}

/// The credentials that a peer presents. Nothing in them is verified.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthCredentials {
    /// No credentials, only an id.
    None {
        /// The id that the peer requests.
        client_id: ClientId,
    },
    /// A secret.
    Secret {
        /// The id that the peer requests.
        client_id: ClientId,
        /// The secret that the peer presents.
        secret: Secret,
    },
    /// A token. A [`TokenVerifier`](crate::TokenVerifier) verifies it.
    Token(AuthToken),
}

/// The reason why a peer is not accepted. It appears in the server's log; the peer never receives
/// it.
///
/// [`AuthRefusal::new`] creates a refusal from a text. `?` creates one from any error, with the
/// texts of the error and its sources.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthRefusal {
    text: String,
    token: Option<TokenRefusal>,
}

impl AuthCredentials {
    /// Returns the id that the peer requests.
    pub fn client_id(&self) -> ClientId {
        match self {
            Self::None { client_id } | Self::Secret { client_id, .. } => *client_id,
            Self::Token(token) => token.client_id(),
        }
    }
}

impl AuthRefusal {
    /// Creates a refusal with this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { text: reason.into(), token: None }
    }

    /// Returns the refusal of the token, if it is the reason.
    pub(crate) fn token(&self) -> Option<TokenRefusal> {
        self.token
    }
}

impl<E: Error + 'static> From<E> for AuthRefusal {
    fn from(error: E) -> Self {
        let source: &(dyn Error + 'static) = &error;
        Self { text: error_chain(source), token: source.downcast_ref().copied() }
    }
}

impl fmt::Display for AuthRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for AuthRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthRefusal({:?})", self.text)
    }
}
