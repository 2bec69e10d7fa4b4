use std::fmt::{self, Debug, Formatter};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
#[cfg(feature = "server")]
use thiserror::Error;
use zeroize::Zeroizing;

#[cfg(feature = "server")]
use super::{DecodeError, FrameError, codec::decode};
#[cfg(feature = "client")]
use super::{EncodeError, codec};
use super::{
    WIRE_VERSION,
    frame::{Kind, Size},
};
#[cfg(feature = "server")]
use crate::auth::AuthToken;
use crate::env::EnvType;

/// Longest hello, and with it all that a client may send before it is accepted.
pub(crate) const MAX_HELLO_BYTES: usize = 64 * 1024;

/// Longest name of a channel.
#[cfg(feature = "server")]
const MAX_CHANNEL_BYTES: usize = 256;

/// Longest shared secret.
const MAX_SECRET_BYTES: usize = 1024;

/// Longest token.
#[cfg(feature = "server")]
pub(super) const MAX_TOKEN_BYTES: usize = AuthToken::MAX_BYTES;

/// Room for everything in a hello whose length is not its sender's to choose.
#[cfg(feature = "client")]
const FIXED_BYTES: usize = 128;

/// A client's first frame: what it speaks, who it is, and what it wants the application to know.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hello {
    /// Optional abilities, a bit for each; unknown ones are ignored.
    pub(crate) features: u64,
    /// Name of the channel.
    pub(crate) channel: String,
    /// Protocol hash of the channel.
    pub(crate) protocol: u128,
    /// Where the client runs.
    pub(crate) environment: EnvType,
    /// Who the client says it is.
    pub(crate) auth: Auth,
    /// The channel's connect message, not decoded before the client is accepted.
    pub(crate) connect: Bytes,
    /// The client's schema, so that a server can name what differs. Left out where the hello would grow too long.
    pub(crate) canonical: Option<String>,
}

/// How a client shows who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    /// It only says so.
    None {
        /// The id it wants.
        client_id: u128,
    },
    /// It knows the server's secret.
    Secret {
        /// The id it wants.
        client_id: u128,
        /// What it knows.
        secret: SecretBytes,
    },
    /// It has a token, which names the id.
    Token(SecretBytes),
}

/// Bytes that are never printed, compare in constant time, and are zeroed when dropped.
#[derive(Clone)]
pub(crate) struct SecretBytes(Zeroizing<Vec<u8>>);

/// Why a first frame is no hello that this version can answer.
#[cfg(feature = "server")]
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum HelloError {
    /// A hello of another version, of which nothing else is known.
    #[error("wire version {0} is not supported")]
    Version(u16),
    /// Not a hello, or one that breaks its rules.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl Hello {
    /// The frame. Fails for a secret or connect message that no server would take.
    #[cfg(feature = "client")]
    pub(crate) fn encode(&self) -> Result<Bytes, EncodeError> {
        let with_canonical = self.encode_with(self.canonical.as_deref());
        match with_canonical {
            Err(EncodeError::TooLarge { .. }) if self.canonical.is_some() => self.encode_with(None),
            result => result,
        }
    }

    #[cfg(feature = "client")]
    fn encode_with(&self, canonical: Option<&str>) -> Result<Bytes, EncodeError> {
        let body = Body {
            features: self.features,
            channel: &self.channel,
            protocol: self.protocol.to_be_bytes(),
            environment: self.environment,
            auth: match &self.auth {
                Auth::None { client_id } => AuthBody::None(*client_id),
                Auth::Secret { client_id, secret } => AuthBody::Secret(*client_id, secret.expose()),
                Auth::Token(token) => AuthBody::Token(token.expose()),
            },
            connect: &self.connect,
            canonical,
        };
        // A buffer of its own, large enough never to move and zeroed in the end, because it may hold a secret.
        let secret = match body.auth {
            AuthBody::None(_) => 0,
            AuthBody::Secret(_, secret) if secret.len() > MAX_SECRET_BYTES => {
                return Err(EncodeError::Unsupported(format!(
                    "a secret has at most {MAX_SECRET_BYTES} bytes"
                )));
            }
            AuthBody::Secret(_, secret) | AuthBody::Token(secret) => secret.len(),
        };
        let capacity = FIXED_BYTES
            + self.channel.len()
            + secret
            + self.connect.len()
            + canonical.map_or(0, str::len);
        let mut frame = Zeroizing::new(Vec::with_capacity(capacity.min(MAX_HELLO_BYTES)));
        frame.push(Kind::Hello as u8);
        frame.extend_from_slice(&WIRE_VERSION.to_le_bytes());
        codec::append(&mut frame, &body, MAX_HELLO_BYTES)?;
        Ok(Bytes::from_owner(frame))
    }

    /// The hello in `frame`, if its version is ours.
    #[cfg(feature = "server")]
    pub(crate) fn decode(frame: Bytes) -> Result<Self, HelloError> {
        let kind = Kind::of(&frame)?;
        if kind != Kind::Hello {
            return Err(FrameError::OutOfPlace(kind).into());
        }
        let &[_, low, high, ref body @ ..] = &frame[..] else {
            return Err(malformed(DecodeError::Truncated));
        };
        let version = u16::from_le_bytes([low, high]);
        if version != WIRE_VERSION {
            return Err(HelloError::Version(version));
        }
        if frame.len() > MAX_HELLO_BYTES {
            return Err(malformed(DecodeError::Invalid("size: too long")));
        }
        let body: Body<'_> = decode(body).map_err(malformed)?;
        let auth = match body.auth {
            AuthBody::None(client_id) => Auth::None { client_id },
            AuthBody::Secret(_, secret) if secret.len() > MAX_SECRET_BYTES => {
                return Err(malformed(DecodeError::Invalid("secret: too long")));
            }
            AuthBody::Secret(client_id, secret) => {
                Auth::Secret { client_id, secret: secret.to_vec().into() }
            }
            AuthBody::Token(token) if token.len() > MAX_TOKEN_BYTES => {
                return Err(malformed(DecodeError::Invalid("token: too long")));
            }
            AuthBody::Token(token) => Auth::Token(token.to_vec().into()),
        };
        if body.channel.len() > MAX_CHANNEL_BYTES {
            return Err(malformed(DecodeError::Invalid("channel name: too long")));
        }
        Ok(Self {
            features: body.features,
            channel: body.channel.to_owned(),
            protocol: u128::from_be_bytes(body.protocol),
            environment: body.environment,
            auth,
            connect: frame.slice_ref(body.connect),
            canonical: body.canonical.map(str::to_owned),
        })
    }
}

impl Debug for Hello {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hello")
            .field("features", &self.features)
            .field("channel", &self.channel)
            .field("protocol", &format_args!("{:032x}", self.protocol))
            .field("environment", &self.environment)
            .field("auth", &self.auth)
            .field("connect", &Size(self.connect.len()))
            .field("canonical", &self.canonical.as_ref().map(|text| Size(text.len())))
            .finish()
    }
}

impl SecretBytes {
    /// The bytes themselves.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretBytes {}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl Debug for SecretBytes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

/// What follows the prefix in version 1.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    features: u64,
    channel: &'a str,
    protocol: [u8; 16],
    environment: EnvType,
    #[serde(borrow)]
    auth: AuthBody<'a>,
    connect: &'a [u8],
    canonical: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
enum AuthBody<'a> {
    None(u128),
    Secret(u128, &'a [u8]),
    Token(&'a [u8]),
}

#[cfg(feature = "server")]
fn malformed(source: DecodeError) -> HelloError {
    FrameError::Malformed { kind: Kind::Hello, source }.into()
}
