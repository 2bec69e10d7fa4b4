use std::fmt;

/// The unique id of a token: 128 random bits. It is not secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; Self::BYTES]);

/// The id of a key: the first eight bytes of the SHA-256 of the public key. It is not secret.
///
/// A token contains the id of the key that signed it, so a server that trusts several keys can
/// select the right one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; Self::BYTES]);

impl TokenId {
    pub(super) const BYTES: usize = 16;
}

impl KeyId {
    pub(super) const BYTES: usize = 8;
}

impl From<[u8; Self::BYTES]> for TokenId {
    fn from(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}

impl From<TokenId> for [u8; TokenId::BYTES] {
    fn from(id: TokenId) -> Self {
        id.0
    }
}

impl From<[u8; Self::BYTES]> for KeyId {
    fn from(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}

impl From<KeyId> for [u8; KeyId::BYTES] {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

fn hexadecimal(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}
