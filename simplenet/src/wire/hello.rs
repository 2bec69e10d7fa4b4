use std::fmt::{self, Debug, Formatter};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    DecodeError, EncodeError, FrameError, WIRE_VERSION,
    codec::{self, decode},
    extensions::{Entries, HelloExtensions, MAX_HELLO_EXTENSION_BYTES},
    frame::{Kind, Size},
};
use crate::env::EnvType;

/// The maximum length of a hello in bytes. A client may send no more before it is accepted.
pub const MAX_HELLO_BYTES: usize = 64 * 1024;

/// The maximum length of a channel's name in bytes.
const MAX_CHANNEL_BYTES: usize = 256;

/// The maximum length of a shared secret in bytes.
const MAX_SECRET_BYTES: usize = 1024;

/// The maximum length of a token in bytes, as `AuthToken::MAX_BYTES`. `auth` depends on `wire`, and
/// not the other way round.
pub(super) const MAX_TOKEN_BYTES: usize = 1671;

/// Upper bound for the total length of a hello's fields of fixed or bounded length, in bytes.
const FIXED_BYTES: usize = 128 + MAX_HELLO_EXTENSION_BYTES;

/// A client's first frame: its protocol, its identity, and the application's connect message.
#[derive(Clone, PartialEq, Eq)]
pub struct Hello {
    /// Optional features, one bit each. A server ignores unknown bits.
    pub features: u64,
    /// Name of the channel.
    pub channel: String,
    /// Protocol hash of the channel.
    pub protocol: u128,
    /// The environment that the client runs in.
    pub environment: EnvType,
    /// The client's id and the proof for it.
    pub auth: Auth,
    /// The channel's connect message, encoded. A server decodes it after it has accepted the
    /// client.
    pub connect: Bytes,
    /// The client's schema in canonical form. In a mismatch, the server compares it with its own
    /// schema to report the differences. A hello that would exceed [`MAX_HELLO_BYTES`] is sent
    /// without it.
    pub canonical: Option<String>,
    /// Further properties of the client. A server skips unknown ones.
    pub extensions: HelloExtensions,
}

/// A client's id and the proof for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// An id without proof.
    None {
        /// The requested id.
        client_id: u128,
    },
    /// An id and the server's shared secret.
    Secret {
        /// The requested id.
        client_id: u128,
        /// The shared secret.
        secret: SecretBytes,
    },
    /// A token, which contains the id.
    Token(SecretBytes),
}

/// Bytes that are never printed, are compared in constant time, and are zeroed when dropped.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

/// The reason why a first frame is no hello of this version.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HelloError {
    /// A hello of another wire version. Its other fields are unknown.
    #[error("wire version {0} is not supported")]
    Version(u16),
    /// Not a hello, or a malformed one.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl Hello {
    /// Encodes the frame. Fails if the secret or the connect message exceeds the limits of a hello.
    pub fn encode(&self) -> Result<Bytes, EncodeError> {
        let with_canonical = self.encode_with(self.canonical.as_deref());
        match with_canonical {
            Err(EncodeError::TooLarge { .. }) if self.canonical.is_some() => self.encode_with(None),
            result => result,
        }
    }

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
            extensions: self.extensions.entries(),
        };
        // The frame may hold a secret, so the buffer is zeroed when it is dropped. Its capacity
        // suffices for the whole frame, because a reallocation would leave a copy behind.
        let secret = match body.auth {
            AuthBody::None(_) => 0,
            AuthBody::Secret(_, secret) if secret.len() > MAX_SECRET_BYTES => {
                return Err(EncodeError::Unsupported(format!(
                    "secret of {} bytes exceeds the limit of {MAX_SECRET_BYTES}",
                    secret.len()
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

    /// Decodes the hello in `frame` if it has this wire version.
    pub fn decode(frame: Bytes) -> Result<Self, HelloError> {
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
            extensions: HelloExtensions::read(&body.extensions).map_err(malformed)?,
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
            .field("extensions", &self.extensions)
            .finish()
    }
}

impl SecretBytes {
    /// Returns the bytes.
    pub fn expose(&self) -> &[u8] {
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

/// The fields after the version prefix, in wire version 1.
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
    #[serde(borrow)]
    extensions: Entries<'a>,
}

#[derive(Serialize, Deserialize)]
enum AuthBody<'a> {
    None(u128),
    Secret(u128, &'a [u8]),
    Token(&'a [u8]),
}

fn malformed(error: DecodeError) -> HelloError {
    FrameError::Malformed { kind: Kind::Hello, error }.into()
}
