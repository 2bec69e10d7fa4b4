//! A value whose serialization panics, as that of a user's own type may.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When the value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fragile {
    /// Never.
    Whole,
    /// When it is written.
    BreaksWritten,
    /// When it is read.
    BreaksRead,
}

impl Serialize for Fragile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole => serializer.serialize_u8(0),
            Self::BreaksWritten => panic!("it breaks when it is written"),
            Self::BreaksRead => serializer.serialize_u8(1),
        }
    }
}

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            1 => panic!("it breaks when it is read"),
            _ => Ok(Self::Whole),
        }
    }
}
