//! A value whose `Serialize` or `Deserialize` panics, like that of a faulty user type.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that panics at the chosen step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fragile {
    /// It does not panic.
    Whole,
    /// Its `Serialize` panics.
    BreaksWritten,
    /// Its `Deserialize` panics.
    BreaksRead,
}

impl Serialize for Fragile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole => serializer.serialize_u8(0),
            Self::BreaksWritten => panic!("the test's Serialize panics"),
            Self::BreaksRead => serializer.serialize_u8(1),
        }
    }
}

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            1 => panic!("the test's Deserialize panics"),
            _ => Ok(Self::Whole),
        }
    }
}
