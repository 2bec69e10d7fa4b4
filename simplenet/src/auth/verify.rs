use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use thiserror::Error;

use super::{AuthIdentity, AuthToken, AuthVerifyingKey, KeyId, Revocations, token::Audience};

/// Says whether a token was signed by somebody trusted, is meant for here, and is valid now.
///
/// Several keys at once let keys be changed without a moment in which nobody gets in: first every server
/// [trusts](TokenVerifier::trust) the new public key, then the login service signs with the new private key, and once the
/// last token of the old key has expired, the servers [distrust](TokenVerifier::distrust) it. All clones of a verifier
/// have the same keys at all times, also the one that a running server has.
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    keys: Arc<RwLock<BTreeMap<KeyId, AuthVerifyingKey>>>,
    channel: Option<String>,
    server: Option<String>,
    clock_skew: Duration,
    grace: Duration,
    revocations: Revocations,
}

/// Why a token is not accepted. For the server's own log: a client learns nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// No key that is trusted here has its id.
    #[error("signed with the key {0}, which is not trusted here")]
    UnknownKey(KeyId),
    /// The key did not sign this.
    #[error("the signature does not match")]
    Signature,
    /// It is meant for another channel or server, or for none where one is asked for.
    #[error("meant for another channel or server")]
    Audience,
    /// Its time has not come.
    #[error("not valid yet")]
    NotYetValid,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// It was revoked.
    #[error("revoked")]
    Revoked,
}

impl TokenVerifier {
    /// How far ahead the clock of a login service may be, see [`TokenVerifier::clock_skew`].
    pub const DEFAULT_CLOCK_SKEW: Duration = Duration::from_secs(30);

    /// Accepts what any of these keys has signed.
    pub fn new(keys: impl IntoIterator<Item = AuthVerifyingKey>) -> Self {
        Self {
            keys: Arc::new(RwLock::new(keys.into_iter().map(|key| (key.id(), key)).collect())),
            channel: None,
            server: None,
            clock_skew: Self::DEFAULT_CLOCK_SKEW,
            grace: Duration::ZERO,
            revocations: Revocations::new(),
        }
    }

    /// Accepts only tokens that are meant for this channel. Default: those that name none; a
    /// [`Server`](crate::Server) also accepts those that name its own.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Accepts only tokens that are meant for the server of this name. Default: those that name none.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// How long before its time a token is accepted, for a login service whose clock is ahead. Default: 30 s.
    pub fn clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = clock_skew;
        self
    }

    /// How long after its expiry a token is accepted, for a server whose clock is ahead. Default: none, because whoever
    /// issues a token can as well let it last longer.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Refuses what is revoked there, now and later; a server also ends the sessions that it concerns.
    pub fn revocations(mut self, revocations: Revocations) -> Self {
        self.revocations = revocations;
        self
    }

    /// Accepts what this key has signed, from now on.
    pub fn trust(&self, key: AuthVerifyingKey) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(key.id(), key);
    }

    /// Accepts no more tokens that this key has signed. Sessions that began with one go on until it expires;
    /// [`Revocations`] end them.
    pub fn distrust(&self, key: KeyId) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Who the token's client is, if it is valid at the time `now`.
    ///
    /// # Errors
    ///
    /// [`TokenRefusal`].
    pub fn verify(&self, token: &AuthToken, now: SystemTime) -> Result<AuthIdentity, TokenRefusal> {
        self.verify_for(token, None, now)
    }

    /// As [`TokenVerifier::verify`]; tokens for the channel `own` are meant for here, although none may have been asked
    /// for.
    pub(crate) fn verify_for(
        &self,
        token: &AuthToken,
        own: Option<&str>,
        now: SystemTime,
    ) -> Result<AuthIdentity, TokenRefusal> {
        let key_id = token.key_id();
        let key = self.key(key_id).ok_or(TokenRefusal::UnknownKey(key_id))?;
        if !token.is_signed_by(&key) {
            return Err(TokenRefusal::Signature);
        }
        let payload = token.payload();
        if !self.is_meant(&payload.audience, own) {
            return Err(TokenRefusal::Audience);
        }
        if now < payload.not_before.before(self.clock_skew).into() {
            return Err(TokenRefusal::NotYetValid);
        }
        let identity = AuthIdentity {
            client_id: payload.client_id,
            claims: payload.claims.clone(),
            expires_at: Some(payload.expires_at.after(self.grace).into()),
            token_id: Some(payload.id),
            issued_at: Some(payload.issued_at.into()),
        };
        if identity.is_expired(now) {
            return Err(TokenRefusal::Expired);
        }
        if self.revocations.concern(&identity) {
            return Err(TokenRefusal::Revoked);
        }
        Ok(identity)
    }

    fn key(&self, id: KeyId) -> Option<AuthVerifyingKey> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }

    #[cfg(feature = "server")]
    pub(crate) fn revoked(&self) -> &Revocations {
        &self.revocations
    }

    /// Whatever name a token has must be ours, and whatever we ask for it must have.
    fn is_meant(&self, audience: &Audience, own: Option<&str>) -> bool {
        let asked = self.channel.as_deref();
        let channel = match audience.channel() {
            Some(channel) => asked.or(own) == Some(channel),
            None => asked.is_none(),
        };
        channel && audience.server() == self.server.as_deref()
    }
}
