use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use thiserror::Error;

use super::{
    AuthIdentity, AuthToken, AuthVerifyingKey, KeyId, Revocations,
    token::{Audience, UnixTime},
};

/// Verifies tokens: their signature, their audience, their period of validity, and that they are
/// not revoked.
///
/// Several trusted keys make it possible to rotate keys without downtime:
///
/// 1. Every server [trusts](TokenVerifier::trust) the new public key.
/// 2. The login service signs with the new private key.
/// 3. Once the last token of the old key has expired, the servers
///    [distrust](TokenVerifier::distrust) the old key.
///
/// All clones of a verifier share their keys, including the clone that a running server uses.
///
/// ```
/// # use std::time::SystemTime;
/// use simplenet::{TokenRefusal, TokenVerifier};
///
/// let (signing_key, verifying_key) = simplenet::generate_auth_token_keys()?;
/// let token = simplenet::make_auth_token_from_lifetime(&signing_key, 600, 7)?;
///
/// let verifier = TokenVerifier::new([]);
/// let unknown = TokenRefusal::UnknownKey(verifying_key.id());
/// assert_eq!(verifier.verify(&token, SystemTime::now()), Err(unknown));
/// verifier.trust(verifying_key);
/// assert_eq!(verifier.verify(&token, SystemTime::now())?.client_id.get(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    keys: Arc<RwLock<BTreeMap<KeyId, AuthVerifyingKey>>>,
    channel: Option<String>,
    server: Option<String>,
    clock_skew: Duration,
    grace: Duration,
    revocations: Revocations,
}

/// The reason why a token is not accepted. It appears in the server's log; the client never
/// receives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// The verifier trusts no key with the id in the token.
    #[error("signed with the key {0}, which is not trusted here")]
    UnknownKey(KeyId),
    /// The signature is not valid for the key and the content.
    #[error("the signature does not match")]
    Signature,
    /// The token is for another channel or server. Or it names none, but the verifier requires one.
    #[error("issued for another channel or server")]
    Audience,
    /// The period of validity has not begun.
    #[error("not valid yet: its validity begins in {early:.0?}, by the clock of this machine")]
    NotYetValid {
        /// The time until the validity begins.
        early: Duration,
    },
    /// The token has expired.
    #[error("expired {late:.0?} ago, by the clock of this machine")]
    Expired {
        /// The time since the expiry.
        late: Duration,
    },
    /// The token or its client is revoked.
    #[error("revoked")]
    Revoked,
}

impl TokenVerifier {
    /// The default of [`TokenVerifier::clock_skew`].
    pub const DEFAULT_CLOCK_SKEW: Duration = Duration::from_secs(30);

    /// Creates a verifier that trusts these keys.
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

    /// Accepts only tokens for this channel. By default, only tokens without a channel are
    /// accepted, and a [`Server`](crate::Server) accepts tokens for its own channel as well.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Accepts only tokens for the server of this name. Default: only tokens without a server.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// Sets the time for which a token is accepted before its period of validity begins. Tolerates
    /// a login service whose clock is ahead. Default: 30 s.
    pub fn clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = clock_skew;
        self
    }

    /// Sets the time for which a token is accepted after its expiry. Tolerates a server whose clock
    /// is ahead. Default: zero, because the issuer can choose a longer lifetime instead.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Refuses the tokens on this list, including tokens that are added to it later. A server also
    /// ends the sessions of these tokens.
    pub fn revocations(mut self, revocations: Revocations) -> Self {
        self.revocations = revocations;
        self
    }

    /// Starts to accept tokens that this key has signed.
    pub fn trust(&self, key: AuthVerifyingKey) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(key.id(), key);
    }

    /// Stops accepting tokens that this key has signed. Running sessions continue until their token
    /// expires; [`Revocations`] can end them earlier.
    pub fn distrust(&self, key: KeyId) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Verifies the token at the time `now`. Returns the identity of its client.
    ///
    /// # Errors
    ///
    /// [`TokenRefusal`], if the token is not accepted.
    pub fn verify(&self, token: &AuthToken, now: SystemTime) -> Result<AuthIdentity, TokenRefusal> {
        self.verify_for(token, None, now)
    }

    /// Like [`TokenVerifier::verify`]. If the verifier requires no channel, tokens for
    /// `own_channel` are accepted as well.
    pub(crate) fn verify_for(
        &self,
        token: &AuthToken,
        own_channel: Option<&str>,
        now: SystemTime,
    ) -> Result<AuthIdentity, TokenRefusal> {
        let key_id = token.key_id();
        let key = self.key(key_id).ok_or(TokenRefusal::UnknownKey(key_id))?;
        if !token.is_signed_by(&key) {
            return Err(TokenRefusal::Signature);
        }
        let payload = token.payload();
        if !self.accepts_audience(&payload.audience, own_channel) {
            return Err(TokenRefusal::Audience);
        }
        let not_before = SystemTime::from(payload.not_before);
        if let Ok(early) = not_before.duration_since(now)
            && early > self.clock_skew
        {
            return Err(TokenRefusal::NotYetValid { early });
        }
        let expires_at = UnixTime::saturating_add(payload.expires_at.into(), self.grace);
        if let Ok(late) = now.duration_since(expires_at) {
            return Err(TokenRefusal::Expired { late });
        }
        let identity = AuthIdentity {
            client_id: payload.client_id,
            claims: payload.claims.clone(),
            expires_at: Some(expires_at),
            token_id: Some(payload.id),
            issued_at: Some(payload.issued_at.into()),
        };
        if self.revocations.is_revoked(&identity) {
            return Err(TokenRefusal::Revoked);
        }
        Ok(identity)
    }

    fn key(&self, id: KeyId) -> Option<AuthVerifyingKey> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }

    #[cfg(feature = "server")]
    pub(crate) fn revocation_list(&self) -> &Revocations {
        &self.revocations
    }

    /// Returns whether the channel and the server in the token are those that this verifier
    /// requires. If it requires no channel, the token may also name `own_channel`.
    fn accepts_audience(&self, audience: &Audience, own_channel: Option<&str>) -> bool {
        let required = self.channel.as_deref();
        let channel_matches = match audience.channel() {
            Some(channel) => required.or(own_channel) == Some(channel),
            None => required.is_none(),
        };
        channel_matches && audience.server() == self.server.as_deref()
    }
}
