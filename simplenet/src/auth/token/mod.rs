mod audience;
mod id;
mod payload;
mod unix_time;

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;
use zeroize::Zeroizing;

#[cfg(feature = "auth")]
pub(super) use self::audience::Name;
pub use self::id::{KeyId, TokenId};
pub(super) use self::{audience::Audience, payload::Payload, unix_time::UnixTime};
use crate::{id::ClientId, wall_clock};

/// A signed token that lets its holder connect as one client until it expires. A login service
/// signs it, a client presents it, and a server verifies it.
///
/// The text form, used by `Display`, `FromStr` and serde, is URL-safe base64 without padding. It is
/// secret: everyone who has it can use it. `Debug` prints only the ids of the token and its client.
///
/// Parsing checks the form of a token only. A [`TokenVerifier`](crate::TokenVerifier) verifies the
/// signature.
///
/// ```
/// # #[cfg(feature = "auth")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (signing_key, _) = simplenet::generate_auth_token_keys()?;
/// let token = simplenet::make_auth_token_from_lifetime(&signing_key, 600, 7)?;
///
/// let received: simplenet::AuthToken = token.to_string().parse()?;
/// assert_eq!(received, token);
/// assert_eq!(received.client_id().get(), 7);
/// assert!(!received.is_expired());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "auth"))]
/// # fn main() {}
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AuthToken {
    bytes: Zeroizing<Vec<u8>>,
    payload: Payload,
}

/// The size of the Ed25519 signature at the end of a token.
const SIGNATURE_BYTES: usize = 64;

/// A prefix that is signed together with the payload. So a signature that the key made for another
/// purpose is not valid for a token.
#[cfg(feature = "auth")]
const DOMAIN: &[u8] = b"simplenet token v1\0";

/// The error of a token that cannot be parsed or created.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The text is not URL-safe base64 without padding.
    #[error("not a token: its text is not URL-safe base64 without padding")]
    Text,
    /// The bytes do not have the layout of a token.
    #[error("not a token: {0}")]
    Malformed(&'static str),
    /// The token has a version that this version of simplenet does not support.
    #[error("token version {0} is not supported: update simplenet on the older side")]
    Version(u8),
    /// The claims are too long.
    #[error("claims of {size} bytes exceed the limit of {} bytes", AuthToken::MAX_CLAIMS_BYTES)]
    ClaimsTooLong {
        /// The size of the claims, in bytes.
        size: usize,
    },
    /// A name in the audience is empty or too long.
    #[error(
        "name of a channel or server has {size} bytes: use 1 to {} bytes",
        AuthToken::MAX_NAME_BYTES
    )]
    Name {
        /// The size of the name, in bytes.
        size: usize,
    },
    /// The token names a server, but no channel.
    #[error("token for one server names no channel: set its channel as well")]
    ServerWithoutChannel,
    /// The token would expire before or when its validity begins.
    #[error(
        "token would never be valid: its lifetime is zero, or its expiry is not after its time of \
         issue and its `not_before`: choose a lifetime of at least 1 s, or a later expiry"
    )]
    NeverValid,
    /// The operating system provides no random bytes.
    #[error("cannot get random bytes from the operating system: {0}")]
    Randomness(String),
}

impl AuthToken {
    /// The maximum size of the claims, in bytes.
    pub const MAX_CLAIMS_BYTES: usize = 1024;

    /// The maximum size of a channel's or server's name, in bytes.
    pub const MAX_NAME_BYTES: usize = 256;

    /// The maximum size of a token, in bytes. The text form is a third longer.
    pub const MAX_BYTES: usize = Payload::MAX_BYTES + SIGNATURE_BYTES;

    /// Parses the binary form.
    ///
    /// # Errors
    ///
    /// [`TokenError`], if the bytes do not have the form of a token.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TokenError> {
        let (payload, _signature) = bytes
            .split_last_chunk::<SIGNATURE_BYTES>()
            .ok_or(TokenError::Malformed("too short"))?;
        Ok(Self { payload: Payload::decode(payload)?, bytes: Zeroizing::new(bytes.to_vec()) })
    }

    /// Returns the binary form. Like the text form, it is secret.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the id of the client that the token is for.
    pub fn client_id(&self) -> ClientId {
        self.payload.client_id
    }

    /// Returns the unique id of the token. It is not secret.
    pub fn id(&self) -> TokenId {
        self.payload.id
    }

    /// Returns the id of the key that signed the token. Not verified.
    pub fn key_id(&self) -> KeyId {
        self.payload.key_id
    }

    /// Returns the channel that the token is for. `None`: any channel.
    pub fn channel(&self) -> Option<&str> {
        self.payload.audience.channel()
    }

    /// Returns the server that the token is for. `None`: any server.
    pub fn server(&self) -> Option<&str> {
        self.payload.audience.server()
    }

    /// Returns the time of issue, rounded down. All times in a token have a resolution of one
    /// second.
    pub fn issued_at(&self) -> SystemTime {
        self.payload.issued_at.into()
    }

    /// Returns the first moment at which the token is valid.
    pub fn not_before(&self) -> SystemTime {
        self.payload.not_before.into()
    }

    /// Returns the first moment at which the token is no longer valid.
    pub fn expires_at(&self) -> SystemTime {
        self.payload.expires_at.into()
    }

    /// Returns the issuer's data about the client, at most [`AuthToken::MAX_CLAIMS_BYTES`] bytes.
    pub fn claims(&self) -> &[u8] {
        &self.payload.claims
    }

    /// Returns whether the token has expired, by this machine's clock.
    pub fn is_expired(&self) -> bool {
        self.time_until_expiry().is_none()
    }

    /// Returns the remaining period of validity, by this machine's clock. `None`: the token has
    /// expired.
    pub fn time_until_expiry(&self) -> Option<Duration> {
        self.payload.expires_at.time_since(wall_clock::now())
    }

    /// Creates a token. `sign` receives the bytes to sign and returns their signature.
    #[cfg(feature = "auth")]
    pub(super) fn signed(
        payload: Payload,
        sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
    ) -> Self {
        let mut bytes = Zeroizing::new(payload.encode());
        let signature = sign(&[DOMAIN, &bytes].concat());
        // If this reallocates, the freed buffer holds the payload only, not a complete token.
        bytes.extend_from_slice(&signature);
        Self { bytes, payload }
    }

    #[cfg(feature = "auth")]
    pub(super) fn is_signed_by(&self, key: &super::AuthVerifyingKey) -> bool {
        self.bytes.split_last_chunk().is_some_and(|(payload, signature)| {
            key.verifies(&[DOMAIN, payload].concat(), signature)
        })
    }

    #[cfg(feature = "auth")]
    pub(super) fn payload(&self) -> &Payload {
        &self.payload
    }
}

impl fmt::Display for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Zeroizing::new(Base64UrlUnpadded::encode_string(&self.bytes)))
    }
}

impl FromStr for AuthToken {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        // Checked before anything is allocated, because the text is untrusted.
        if text.len() > Self::MAX_BYTES.div_ceil(3) * 4 {
            return Err(TokenError::Malformed("too long"));
        }
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| TokenError::Text)?;
        Self::from_bytes(&Zeroizing::new(bytes))
    }
}

impl Serialize for AuthToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AuthToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthToken")
            .field("id", &self.payload.id)
            .field("client_id", &self.payload.client_id)
            .finish_non_exhaustive()
    }
}
