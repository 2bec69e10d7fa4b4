//! A type whose `Serialize` or `Deserialize` panics, like a faulty type of an application.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

thread_local! {
    /// In a build with debug assertions, the sender decodes its own value once. Only the receiver
    /// panics. Both run on the thread of the test.
    static IS_SENDER: Cell<bool> = const { Cell::new(false) };
}

/// A value that panics at the chosen step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fragile {
    /// The value is serialized and deserialized without a panic.
    Valid,
    /// `Serialize` panics.
    PanicsInSerialize,
    /// `Deserialize` panics.
    PanicsInDeserialize,
}

impl Serialize for Fragile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Valid => serializer.serialize_u8(0),
            Self::PanicsInSerialize => panic!("the test's Serialize panics"),
            Self::PanicsInDeserialize => {
                IS_SENDER.set(cfg!(debug_assertions));
                serializer.serialize_u8(1)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            1 if IS_SENDER.take() => Ok(Self::PanicsInDeserialize),
            1 => panic!("the test's Deserialize panics"),
            _ => Ok(Self::Valid),
        }
    }
}
