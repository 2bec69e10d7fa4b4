//! A type whose `Deserialize` fails with an error that quotes the value.

use std::cell::Cell;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected},
};

thread_local! {
    static DECODES: Cell<bool> = const { Cell::new(false) };
}

/// Sets whether values decode on this thread. In a build with debug assertions, a sender decodes
/// its own values first, so it sends a value that its peer refuses only if the value decodes here.
pub(crate) fn decode_on_this_thread(decodes: bool) {
    DECODES.set(decodes);
}

/// A value that serializes, but does not deserialize.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Quoting {
    /// `Deserialize` fails with a custom error.
    InCustomError(String),
    /// `Deserialize` fails with an error that serde writes.
    InSerdeError(String),
}

impl Serialize for Quoting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::InCustomError(text) => (false, text).serialize(serializer),
            Self::InSerdeError(text) => (true, text).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Quoting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (is_serde_error, text) = <(bool, String)>::deserialize(deserializer)?;
        if DECODES.get() {
            let variant = if is_serde_error { Self::InSerdeError } else { Self::InCustomError };
            return Ok(variant(text));
        }
        Err(match (is_serde_error, text) {
            (false, text) => D::Error::custom(format!("invalid value {text}")),
            (true, text) => D::Error::invalid_value(Unexpected::Str(&text), &"another text"),
        })
    }
}

/// A channel with a [`Quoting`] in every message that a peer decodes.
#[simplenet::channel(external(crate::quoting::Quoting = "quoting 1"))]
pub(crate) mod quotes {
    /// The connect message.
    #[connect]
    pub struct Hello {
        /// Fails to decode if present.
        pub value: Option<crate::quoting::Quoting>,
    }
    /// A message from a client.
    #[client_message]
    pub struct ClientValue {
        /// Fails to decode.
        pub value: crate::quoting::Quoting,
    }
    /// A message from the server.
    #[server_message]
    pub struct ServerValue {
        /// Fails to decode.
        pub value: crate::quoting::Quoting,
    }
}
