use std::time::SystemTime;

use bytes::Bytes;

use super::TokenId;
use crate::id::ClientId;

/// Who a client is, once it has shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthIdentity {
    /// The client.
    pub client_id: ClientId,
    /// What is known about it; from a token, what its issuer said. Handed to the application with `Connected`.
    pub claims: Bytes,
    /// From when on it would have to show it again; `None` for never.
    pub expires_at: Option<SystemTime>,
    /// The token that showed it, if it was one.
    pub token_id: Option<TokenId>,
    /// When that token was issued.
    pub issued_at: Option<SystemTime>,
}

impl AuthIdentity {
    /// A client of which nothing else is known, and who it is for good.
    pub fn new(client_id: impl Into<ClientId>) -> Self {
        Self {
            client_id: client_id.into(),
            claims: Bytes::new(),
            expires_at: None,
            token_id: None,
            issued_at: None,
        }
    }

    /// What the application is told about it.
    pub fn with_claims(mut self, claims: impl Into<Bytes>) -> Self {
        self.claims = claims.into();
        self
    }

    /// Whether it has expired at the time `now`.
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// From then on it has to show again who it is.
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }
}
