use std::time::SystemTime;

use bytes::Bytes;

use super::TokenId;
use crate::id::ClientId;

/// The verified identity of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthIdentity {
    /// The id of the client.
    pub client_id: ClientId,
    /// Data about the client; for a token, the claims that its issuer signed. The application
    /// receives it with `Connected`.
    pub claims: Bytes,
    /// The time at which the identity expires. `None`: never.
    pub expires_at: Option<SystemTime>,
    /// The id of the token that proved the identity. `None`: no token proved it.
    pub token_id: Option<TokenId>,
    /// The time at which the token was issued.
    pub issued_at: Option<SystemTime>,
}

impl AuthIdentity {
    /// Creates an identity without claims that never expires.
    pub fn new(client_id: impl Into<ClientId>) -> Self {
        Self {
            client_id: client_id.into(),
            claims: Bytes::new(),
            expires_at: None,
            token_id: None,
            issued_at: None,
        }
    }

    /// Sets the data that the application receives with `Connected`.
    pub fn with_claims(mut self, claims: impl Into<Bytes>) -> Self {
        self.claims = claims.into();
        self
    }

    /// Returns whether the identity has expired at the time `now`.
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// Sets the time at which the identity expires.
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }
}
