//! External types whose serde attributes the wire does not support.

use serde::{Deserialize, Serialize};

/// A type with one variant for each form that no receiver can decode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Unsafe {
    /// No fault.
    None,
    /// `#[serde(tag)]`.
    Tagged(Tagged),
    /// `#[serde(untagged)]`.
    Untagged(Untagged),
    /// `#[serde(flatten)]`.
    Flattened(Flattened),
    /// `#[serde(skip_serializing_if)]`.
    Skipping(Skipping),
    /// `#[serde(skip_serializing)]`.
    Unsent(Unsent),
    /// Values that nest deeper than the limit.
    Deep(Deep),
    /// A type that is decoded by the form of its data.
    Json(serde_json::Value),
}

/// An internally tagged enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Tagged {
    /// The only variant.
    Attack {
        /// A number.
        target: u32,
    },
}

/// An untagged enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Untagged {
    /// A number.
    Number(u32),
    /// A text.
    Text(String),
}

/// A struct with a flattened field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flattened {
    /// A field of its own.
    pub id: u32,
    /// The flattened fields.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The fields of a flattened struct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    /// A field.
    pub name: String,
}

/// A struct that skips a field without content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Skipping {
    /// A field that is always sent.
    pub id: u32,
    /// A field that is sent if it has content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A struct with a field that is only received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unsent {
    /// A field that is not sent.
    #[serde(skip_serializing)]
    pub id: u32,
}

/// A chain of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deep(pub Option<Box<Deep>>);

impl Deep {
    /// Creates a chain of `length` values.
    pub fn new(length: usize) -> Self {
        (1..length).fold(Self(None), |inner, _| Self(Some(Box::new(inner))))
    }
}
