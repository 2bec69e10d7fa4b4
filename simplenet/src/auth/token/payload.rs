use bytes::Bytes;

use super::{Audience, AuthToken, KeyId, TokenError, TokenId, UnixTime, audience::Name};
use crate::id::ClientId;

/// The signed content of a token. `docs/protocol.md` describes its layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) key_id: KeyId,
    pub(crate) id: TokenId,
    pub(crate) client_id: ClientId,
    pub(crate) issued_at: UnixTime,
    pub(crate) not_before: UnixTime,
    pub(crate) expires_at: UnixTime,
    pub(crate) audience: Audience,
    pub(crate) claims: Bytes,
}

/// The first byte of a token. A new version must also change the signature domain.
const VERSION: u8 = 1;

impl Payload {
    /// The fields of fixed size, then two names and the claims, with a length before each of the
    /// three.
    pub(super) const MAX_BYTES: usize = 1
        + KeyId::BYTES
        + TokenId::BYTES
        + 16
        + 3 * 8
        + 3 * 2
        + 2 * AuthToken::MAX_NAME_BYTES
        + AuthToken::MAX_CLAIMS_BYTES;

    #[cfg(feature = "auth")]
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(AuthToken::MAX_BYTES);
        bytes.push(VERSION);
        bytes.extend_from_slice(&<[u8; KeyId::BYTES]>::from(self.key_id));
        bytes.extend_from_slice(&<[u8; TokenId::BYTES]>::from(self.id));
        bytes.extend_from_slice(&self.client_id.get().to_le_bytes());
        for time in [self.issued_at, self.not_before, self.expires_at] {
            bytes.extend_from_slice(&time.seconds().to_le_bytes());
        }
        let names = [self.audience.channel(), self.audience.server()];
        let [channel, server] = names.map(|name| name.unwrap_or_default().as_bytes());
        for field in [channel, server, &self.claims] {
            // The limits of names and claims are far below 64 KiB.
            bytes.extend_from_slice(&(field.len() as u16).to_le_bytes());
            bytes.extend_from_slice(field);
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, TokenError> {
        let mut reader = Reader(bytes);
        let [version] = reader.array()?;
        if version != VERSION {
            return Err(TokenError::Version(version));
        }
        let payload = Self {
            key_id: KeyId::from(reader.array()?),
            id: TokenId::from(reader.array()?),
            client_id: ClientId::new(u128::from_le_bytes(reader.array()?)),
            issued_at: reader.time()?,
            not_before: reader.time()?,
            expires_at: reader.time()?,
            audience: match (reader.name()?, reader.name()?) {
                (None, None) => Audience::Any,
                (Some(channel), None) => Audience::Channel(channel),
                (Some(channel), Some(server)) => Audience::Server { channel, server },
                (None, Some(_)) => {
                    return Err(TokenError::ServerWithoutChannel);
                }
            },
            claims: Bytes::copy_from_slice(reader.length_prefixed(AuthToken::MAX_CLAIMS_BYTES)?),
        };
        if reader.0.is_empty() { Ok(payload) } else { Err(TokenError::Malformed("too long")) }
    }
}

/// The bytes that are not yet read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], TokenError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(*array)
    }

    fn time(&mut self) -> Result<UnixTime, TokenError> {
        self.array().map(u64::from_le_bytes).map(UnixTime::from_seconds)
    }

    /// Reads a length of at most `limit`, and then as many bytes.
    fn length_prefixed(&mut self, limit: usize) -> Result<&'a [u8], TokenError> {
        let length = usize::from(u16::from_le_bytes(self.array()?));
        if length > limit {
            return Err(TokenError::Malformed("a field is too long"));
        }
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// Reads a name. `None`: the name is empty.
    fn name(&mut self) -> Result<Option<Name>, TokenError> {
        let name = str::from_utf8(self.length_prefixed(AuthToken::MAX_NAME_BYTES)?)
            .map_err(|_| TokenError::Malformed("a name is not UTF-8"))?;
        if name.is_empty() { Ok(None) } else { Name::new(name).map(Some) }
    }
}

const TRUNCATED: TokenError = TokenError::Malformed("too short");
