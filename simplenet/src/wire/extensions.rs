//! The extensions at the end of a hello and of a welcome: numbered values, which a receiver skips
//! if it does not know their number.

use std::{
    borrow::Cow,
    fmt::{self, Formatter},
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Unexpected, Visitor},
};

use super::{
    DecodeError,
    codec::{self, decode},
};

/// The maximum number of extensions in a frame.
const MAX_EXTENSIONS: usize = 32;

/// The maximum number of ancestors in a hello.
const MAX_ANCESTORS: usize = 16;

/// The length of a protocol hash in bytes.
const HASH_BYTES: usize = 16;

/// The maximum length of the extensions of a hello in bytes: their number, then the number, the
/// length and the value of each.
pub(super) const MAX_HELLO_EXTENSION_BYTES: usize =
    1 + (1 + 1 + 5) + (1 + 3 + MAX_ANCESTORS * HASH_BYTES);

/// The numbers of the extensions. Hello and welcome share them, and a number never changes its
/// meaning. `docs/protocol.md` lists the reserved numbers.
mod number {
    pub(super) const MAX_MSG_SIZE: u16 = 1;
    pub(super) const ANCESTORS: u16 = 2;
}

/// The extensions of a hello.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelloExtensions {
    /// Longest frame that the client accepts, in bytes. A client without this extension states no
    /// limit.
    pub max_msg_size: Option<u32>,
    /// Protocol hashes of the released ancestors of the client's schema, newest first. Only the
    /// first 16 are sent.
    pub ancestors: Vec<u128>,
}

impl HelloExtensions {
    pub(super) fn entries(&self) -> Entries<'static> {
        let mut entries = Vec::new();
        if let Some(size) = self.max_msg_size {
            let mut value = Vec::new();
            // Cannot fail, because there is no limit.
            let _ = codec::append(&mut value, &size, usize::MAX);
            entries.push((number::MAX_MSG_SIZE, Cow::Owned(value)));
        }
        if !self.ancestors.is_empty() {
            let hashes = self.ancestors.iter().take(MAX_ANCESTORS);
            let value = hashes.flat_map(|hash| hash.to_be_bytes()).collect();
            entries.push((number::ANCESTORS, Cow::Owned(value)));
        }
        Entries(entries)
    }

    pub(super) fn read(entries: &Entries<'_>) -> Result<Self, DecodeError> {
        let mut extensions = Self::default();
        for (number, value) in &entries.0 {
            match *number {
                number::MAX_MSG_SIZE => extensions.max_msg_size = Some(decode(value)?),
                number::ANCESTORS => extensions.ancestors = read_hashes(value)?,
                _ => {}
            }
        }
        Ok(extensions)
    }
}

fn read_hashes(value: &[u8]) -> Result<Vec<u128>, DecodeError> {
    let (hashes, rest) = value.as_chunks::<HASH_BYTES>();
    if !rest.is_empty() || hashes.len() > MAX_ANCESTORS {
        return Err(DecodeError::Invalid("list of ancestors"));
    }
    Ok(hashes.iter().map(|&hash| u128::from_be_bytes(hash)).collect())
}

/// The encoded extensions of a frame: the number and the value of each, known or not.
#[derive(Debug, Default, Serialize)]
pub(super) struct Entries<'a>(Vec<(u16, Cow<'a, [u8]>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "at most {MAX_EXTENSIONS} extensions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut read: Vec<(u16, Cow<'de, [u8]>)> = Vec::new();
        while let Some((number, value)) = entries.next_element::<(u16, &'de [u8])>()? {
            if read.len() == MAX_EXTENSIONS {
                return Err(A::Error::invalid_length(read.len() + 1, &self));
            }
            let previous = read.last().map_or(0, |(number, _)| *number);
            if number <= previous {
                let number = Unexpected::Unsigned(number.into());
                return Err(A::Error::invalid_value(number, &"extensions in increasing order"));
            }
            read.push((number, Cow::Borrowed(value)));
        }
        Ok(Entries(read))
    }
}
