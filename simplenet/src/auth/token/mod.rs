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

/// Lets whoever has it connect as one client, until it expires: signed by a login service, carried by a client, verified
/// by a server.
///
/// Its text form, by `Display` and `FromStr` and for serde, is URL-safe base64 without padding, and is a secret: whoever
/// reads it can use it. `Debug` shows no part of it that would be of use. Reading a token checks its form alone;
/// only a [`TokenVerifier`](crate::TokenVerifier) says whether it was signed by somebody trusted.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthToken {
    bytes: Zeroizing<Vec<u8>>,
    payload: Payload,
}

/// Bytes of an Ed25519 signature, which end a token.
const SIGNATURE_BYTES: usize = 64;

/// What a token's signature covers before the payload, so that it means nothing anywhere else.
#[cfg(feature = "auth")]
const DOMAIN: &[u8] = b"simplenet token v1\0";

/// Why a token cannot be read or made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The text is not URL-safe base64 without padding.
    #[error("not a token: its text is not URL-safe base64 without padding")]
    Text,
    /// The bytes are not laid out as a token is.
    #[error("not a token: {0}")]
    Malformed(&'static str),
    /// It was made by another version of simplenet.
    #[error("token version {0} is not known here: update the older side")]
    Version(u8),
    /// The claims are too long.
    #[error("{size} bytes of claims exceed the limit of {}", AuthToken::MAX_CLAIMS_BYTES)]
    ClaimsTooLong {
        /// Their size in bytes.
        size: usize,
    },
    /// A name in the audience is empty or too long.
    #[error(
        "the name of a channel or server in a token has 1 to {} bytes, not {size}",
        AuthToken::MAX_NAME_BYTES
    )]
    Name {
        /// Its size in bytes.
        size: usize,
    },
    /// It names a server, but not the channel that the server is for.
    #[error("a token for one server needs the name of its channel too")]
    ServerWithoutChannel,
    /// The operating system has no randomness to give.
    #[error("the operating system gives no random bytes: {0}")]
    Randomness(String),
}

impl AuthToken {
    /// The most that an application's claims may be, in bytes.
    pub const MAX_CLAIMS_BYTES: usize = 1024;

    /// The longest name of a channel or server in the audience, in bytes.
    pub const MAX_NAME_BYTES: usize = 256;

    /// The longest token, in bytes; as text it takes a third more.
    pub const MAX_BYTES: usize = Payload::MAX_BYTES + SIGNATURE_BYTES;

    /// Reads the binary form, which is a secret as the text is.
    ///
    /// # Errors
    ///
    /// [`TokenError`], if the bytes do not have the form of a token.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TokenError> {
        let (payload, _signature) = bytes
            .split_last_chunk::<SIGNATURE_BYTES>()
            .ok_or(TokenError::Malformed("it is too short"))?;
        Ok(Self { payload: Payload::decode(payload)?, bytes: Zeroizing::new(bytes.to_vec()) })
    }

    /// The binary form, which is a secret as the text is.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The client that it lets in.
    pub fn client_id(&self) -> ClientId {
        self.payload.client_id
    }

    /// What tells it from all other tokens. Not a secret.
    pub fn id(&self) -> TokenId {
        self.payload.id
    }

    /// The key that it says it was signed with.
    pub fn key_id(&self) -> KeyId {
        self.payload.key_id
    }

    /// The channel that it is meant for; `None` for any.
    pub fn channel(&self) -> Option<&str> {
        self.payload.audience.channel()
    }

    /// The server that it is meant for; `None` for any.
    pub fn server(&self) -> Option<&str> {
        self.payload.audience.server()
    }

    /// When it was made, to the second, as are all times in a token.
    pub fn issued_at(&self) -> SystemTime {
        self.payload.issued_at.into()
    }

    /// When it begins to be valid.
    pub fn not_before(&self) -> SystemTime {
        self.payload.not_before.into()
    }

    /// The first moment at which it is not valid any more.
    pub fn expires_at(&self) -> SystemTime {
        self.payload.expires_at.into()
    }

    /// What the application that issued it says about the client, at most [`AuthToken::MAX_CLAIMS_BYTES`] bytes.
    pub fn claims(&self) -> &[u8] {
        &self.payload.claims
    }

    /// Whether it has expired, by this machine's clock.
    pub fn is_expired(&self) -> bool {
        self.time_until_expiry().is_none()
    }

    /// How long it is still valid, by this machine's clock; `None` once it has expired.
    pub fn time_until_expiry(&self) -> Option<Duration> {
        self.payload.expires_at.time_since(wall_clock::now())
    }

    /// Signs the payload with whatever `sign` does to the bytes that a signature covers.
    #[cfg(feature = "auth")]
    pub(super) fn signed(
        payload: Payload,
        sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
    ) -> Self {
        let mut bytes = Zeroizing::new(payload.encode());
        let signature = sign(&[DOMAIN, &bytes].concat());
        // Grown by copying, so that what is left behind is no whole token.
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
        // Before anything is allocated: the text may come from anybody.
        if text.len() > Self::MAX_BYTES.div_ceil(3) * 4 {
            return Err(TokenError::Malformed("it is too long"));
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
