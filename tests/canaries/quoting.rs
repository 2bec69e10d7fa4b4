//! A type of the application whose errors quote the refused value.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected},
};

/// Serializes, but does not deserialize.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Quoting {
    /// Refused with a message of its own.
    Freely(String),
    /// Refused with a message of serde.
    Formally(String),
}

impl Serialize for Quoting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Freely(text) => (false, text).serialize(serializer),
            Self::Formally(text) => (true, text).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Quoting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Err(match <(bool, String)>::deserialize(deserializer)? {
            (false, text) => D::Error::custom(format!("{text} is not to be read")),
            (true, text) => D::Error::invalid_value(Unexpected::Str(&text), &"another text"),
        })
    }
}

/// A channel with such values at every place that a peer decodes.
#[simplenet::channel(external(crate::quoting::Quoting = "quoting 1"))]
pub(crate) mod quotes {
    /// The connect message.
    #[connect]
    pub struct Hello {
        /// Refused if present.
        pub value: Option<crate::quoting::Quoting>,
    }
    /// A message from a client.
    #[client_message]
    pub struct Said {
        /// Refused.
        pub value: crate::quoting::Quoting,
    }
    /// A message from the server.
    #[server_message]
    pub struct Told {
        /// Refused.
        pub value: crate::quoting::Quoting,
    }
}
