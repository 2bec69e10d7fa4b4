use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{
    AuthSigningKey, AuthToken, TokenError,
    keys::random_bytes,
    token::{Audience, Name, Payload, UnixTime},
};
use crate::{channel::ChannelPack, id::ClientId, wall_clock};

/// Creates a token that is valid from now on for `lifetime_secs` seconds, and up to one second
/// longer, for every server that trusts the key.
///
/// [`AuthTokenBuilder`] creates tokens that are restricted to one channel or server, or carry
/// claims.
///
/// ```
/// use std::time::SystemTime;
///
/// let (signing_key, verifying_key) = simplenet::generate_auth_token_keys()?;
/// let token = simplenet::make_auth_token_from_lifetime(&signing_key, 600, 7)?;
///
/// let verifier = simplenet::TokenVerifier::new([verifying_key]);
/// assert_eq!(verifier.verify(&token, SystemTime::now())?.client_id.get(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`TokenError::NeverValid`], if the lifetime is zero. [`TokenError::Randomness`], if the
/// operating system provides no random bytes.
pub fn make_auth_token_from_lifetime(
    key: &AuthSigningKey,
    lifetime_secs: u64,
    client_id: impl Into<ClientId>,
) -> Result<AuthToken, TokenError> {
    AuthTokenBuilder::new(client_id).lifetime(Duration::from_secs(lifetime_secs)).sign(key)
}

/// Creates a token that is valid from now on until `unix_expiry`, for every server that trusts the
/// key. The expiry is a Unix time, in seconds.
///
/// # Errors
///
/// [`TokenError::NeverValid`], if the expiry is not in the future. [`TokenError::Randomness`], if
/// the operating system provides no random bytes.
pub fn make_auth_token_from_expiry(
    key: &AuthSigningKey,
    unix_expiry: u64,
    client_id: impl Into<ClientId>,
) -> Result<AuthToken, TokenError> {
    AuthTokenBuilder::new(client_id)
        .expires_at(UnixTime::from_seconds(unix_expiry).into())
        .sign(key)
}

/// The content of a token before it is signed.
///
/// ```
/// use simplenet::{AuthTokenBuilder, TokenVerifier, generate_auth_token_keys};
/// use std::time::{Duration, SystemTime};
///
/// let (signing_key, verifying_key) = generate_auth_token_keys()?;
/// let token = AuthTokenBuilder::new(7)
///     .channel("chat")
///     .lifetime(Duration::from_secs(600))
///     .claims("moderator")
///     .sign(&signing_key)?;
///
/// let verifier = TokenVerifier::new([verifying_key]).channel("chat");
/// let identity = verifier.verify(&token.to_string().parse()?, SystemTime::now())?;
/// assert_eq!(identity.client_id.get(), 7);
/// assert_eq!(identity.claims, "moderator");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "`sign` creates the token"]
pub struct AuthTokenBuilder {
    client_id: ClientId,
    channel: Option<String>,
    server: Option<String>,
    issued_at: Option<SystemTime>,
    not_before: Option<SystemTime>,
    expiry: Expiry,
    claims: Bytes,
}

/// The time at which a token expires.
#[derive(Clone, Copy, Debug)]
enum Expiry {
    /// This duration after the validity begins.
    After(Duration),
    At(SystemTime),
}

const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);

impl AuthTokenBuilder {
    /// Creates a builder for a token that lets its holder connect as this client.
    pub fn new(client_id: impl Into<ClientId>) -> Self {
        Self {
            client_id: client_id.into(),
            channel: None,
            server: None,
            issued_at: None,
            not_before: None,
            expiry: Expiry::After(DEFAULT_LIFETIME),
            claims: Bytes::new(),
        }
    }

    /// Restricts the token to servers of this channel. By default, the token is valid for every
    /// server that trusts the key and requires no channel.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Restricts the token to servers of the channel `C`.
    pub fn for_channel<C: ChannelPack>(self) -> Self {
        self.channel(C::PROTOCOL.name())
    }

    /// Restricts the token to servers that require this name; see
    /// [`TokenVerifier::server`](crate::TokenVerifier::server). The token must then have a channel
    /// as well. By default, the token is valid for servers that require no name.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// Sets the time for which the token is valid from its issue on, or from
    /// [`not_before`](Self::not_before) on if that is later. A token never lasts less: its expiry
    /// is rounded up to a whole second. It is at most the end of the year 9999. Default: one hour.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.expiry = Expiry::After(lifetime);
        self
    }

    /// Sets the time of expiry, which is rounded up to a whole second. Replaces the lifetime.
    pub fn expires_at(mut self, expires_at: SystemTime) -> Self {
        self.expiry = Expiry::At(expires_at);
        self
    }

    /// Sets the time before which the token is not valid, which is rounded down to a whole second.
    /// Default: the time of issue.
    pub fn not_before(mut self, not_before: SystemTime) -> Self {
        self.not_before = Some(not_before);
        self
    }

    /// Sets the time of issue, which is rounded down to a whole second. Default: the time at which
    /// the token is signed.
    pub fn issued_at(mut self, issued_at: SystemTime) -> Self {
        self.issued_at = Some(issued_at);
        self
    }

    /// Sets the data that the server's application receives with `Connected`, at most
    /// [`AuthToken::MAX_CLAIMS_BYTES`] bytes. It is signed but not encrypted: every holder of the
    /// token can read it. Default: empty.
    pub fn claims(mut self, claims: impl Into<Bytes>) -> Self {
        self.claims = claims.into();
        self
    }

    /// Signs and returns the token.
    ///
    /// # Errors
    ///
    /// [`TokenError`], if the claims or a name are too long, if a name is empty, if a server is set
    /// without a channel, if the token would never be valid, or if the operating system provides no
    /// random bytes.
    pub fn sign(self, key: &AuthSigningKey) -> Result<AuthToken, TokenError> {
        if self.claims.len() > AuthToken::MAX_CLAIMS_BYTES {
            return Err(TokenError::ClaimsTooLong { size: self.claims.len() });
        }
        let audience = match (self.channel, self.server) {
            (None, None) => Audience::Any,
            (Some(channel), None) => Audience::Channel(Name::new(channel)?),
            (Some(channel), Some(server)) => {
                Audience::Server { channel: Name::new(channel)?, server: Name::new(server)? }
            }
            (None, Some(_)) => return Err(TokenError::ServerWithoutChannel),
        };
        let issued_at = self.issued_at.unwrap_or_else(wall_clock::now);
        let not_before = self.not_before.unwrap_or(issued_at);
        let valid_from = not_before.max(issued_at);
        let expires_at = match self.expiry {
            Expiry::After(lifetime) => UnixTime::saturating_add(valid_from, lifetime),
            Expiry::At(time) => time,
        };
        if expires_at <= valid_from {
            return Err(TokenError::NeverValid);
        }
        let payload = Payload {
            key_id: key.verifying_key().id(),
            id: (*random_bytes()?).into(),
            client_id: self.client_id,
            issued_at: issued_at.into(),
            not_before: not_before.into(),
            expires_at: UnixTime::rounded_up(expires_at),
            audience,
            claims: self.claims,
        };
        Ok(AuthToken::signed(payload, |message| key.sign(message)))
    }
}
