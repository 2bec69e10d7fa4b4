use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{
    AuthSigningKey, AuthToken, TokenError,
    keys::random,
    token::{Audience, Name, Payload, UnixTime},
};
use crate::{channel::ChannelPack, id::ClientId, wall_clock};

/// A token that is valid from now on for so many seconds, for every server that trusts the key.
///
/// [`AuthTokenBuilder`] makes those that are meant for one channel or server, or carry claims.
///
/// # Errors
///
/// [`TokenError::Randomness`], if the operating system has none to give.
pub fn make_auth_token_from_lifetime(
    key: &AuthSigningKey,
    lifetime_secs: u64,
    client_id: impl Into<ClientId>,
) -> Result<AuthToken, TokenError> {
    AuthTokenBuilder::new(client_id).lifetime(Duration::from_secs(lifetime_secs)).sign(key)
}

/// A token that is valid from now on until `unix_expiry`, in seconds since 1970, for every server that trusts the key.
///
/// # Errors
///
/// [`TokenError::Randomness`], if the operating system has none to give.
pub fn make_auth_token_from_expiry(
    key: &AuthSigningKey,
    unix_expiry: u64,
    client_id: impl Into<ClientId>,
) -> Result<AuthToken, TokenError> {
    AuthTokenBuilder::new(client_id)
        .expires_at(UnixTime::from_seconds(unix_expiry).into())
        .sign(key)
}

/// A token before it is signed.
///
/// ```
/// use simplenet::{AuthTokenBuilder, TokenVerifier, generate_auth_token_keys};
/// use std::time::{Duration, SystemTime};
///
/// let (signing, verifying) = generate_auth_token_keys()?;
/// let token = AuthTokenBuilder::new(7)
///     .channel("chat")
///     .lifetime(Duration::from_secs(600))
///     .claims("moderator")
///     .sign(&signing)?;
///
/// let verifier = TokenVerifier::new([verifying]).channel("chat");
/// let identity = verifier.verify(&token.to_string().parse()?, SystemTime::now())?;
/// assert_eq!(identity.client_id.get(), 7);
/// assert_eq!(identity.claims, "moderator");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a token is made once `sign` is called"]
pub struct AuthTokenBuilder {
    client_id: ClientId,
    channel: Option<String>,
    server: Option<String>,
    issued_at: Option<SystemTime>,
    not_before: Option<SystemTime>,
    end: End,
    claims: Bytes,
}

/// When a token expires.
#[derive(Clone, Copy, Debug)]
enum End {
    After(Duration),
    At(SystemTime),
}

const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);

impl AuthTokenBuilder {
    /// A token that lets whoever has it connect as this client.
    pub fn new(client_id: impl Into<ClientId>) -> Self {
        Self {
            client_id: client_id.into(),
            channel: None,
            server: None,
            issued_at: None,
            not_before: None,
            end: End::After(DEFAULT_LIFETIME),
            claims: Bytes::new(),
        }
    }

    /// Only servers of this channel accept it. Default: every server that trusts the key and asks for no channel.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Only servers of the channel `C` accept it.
    pub fn for_channel<C: ChannelPack>(self) -> Self {
        self.channel(C::PROTOCOL.name())
    }

    /// Only servers that go by this name accept it, see [`TokenVerifier::server`](crate::TokenVerifier::server). Wants
    /// a channel as well. Default: every server.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// It expires so long after it was issued. Default: one hour.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.end = End::After(lifetime);
        self
    }

    /// It expires then, instead of after a lifetime.
    pub fn expires_at(mut self, expires_at: SystemTime) -> Self {
        self.end = End::At(expires_at);
        self
    }

    /// It is not valid before. Default: when it is issued.
    pub fn not_before(mut self, not_before: SystemTime) -> Self {
        self.not_before = Some(not_before);
        self
    }

    /// When it counts as issued. Default: when it is signed.
    pub fn issued_at(mut self, issued_at: SystemTime) -> Self {
        self.issued_at = Some(issued_at);
        self
    }

    /// What the server's application is told about the client with `Connected`, at most
    /// [`AuthToken::MAX_CLAIMS_BYTES`] bytes. Signed, but readable by whoever has the token. Default: nothing.
    pub fn claims(mut self, claims: impl Into<Bytes>) -> Self {
        self.claims = claims.into();
        self
    }

    /// The token.
    ///
    /// # Errors
    ///
    /// [`TokenError`], for claims or names that are too long, and where the operating system has no randomness to give.
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
        let issued_at = UnixTime::from(self.issued_at.unwrap_or_else(wall_clock::now));
        let payload = Payload {
            key_id: key.verifying_key().id(),
            id: (*random()?).into(),
            client_id: self.client_id,
            issued_at,
            not_before: self.not_before.map_or(issued_at, UnixTime::from),
            expires_at: match self.end {
                End::After(lifetime) => issued_at.after(lifetime),
                End::At(time) => time.into(),
            },
            audience,
            claims: self.claims,
        };
        Ok(AuthToken::signed(payload, |message| key.sign(message)))
    }
}
