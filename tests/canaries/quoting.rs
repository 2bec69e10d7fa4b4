//! A type of an application's own whose errors quote what they refuse.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected},
};

/// Can be written, and not be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Quoting {
    /// Refused in words of its own.
    Freely(String),
    /// Refused in serde's words.
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

/// Its values may stand wherever a peer decodes what the other has sent.
#[simplenet::channel(external(crate::quoting::Quoting = "quoting 1"))]
pub(crate) mod quotes {
    /// What a client says when it connects.
    #[connect]
    pub struct Hello {
        /// Refused, if there is any.
        pub value: Option<crate::quoting::Quoting>,
    }
    /// From a client.
    #[client_message]
    pub struct Said {
        /// Refused.
        pub value: crate::quoting::Quoting,
    }
    /// From the server.
    #[server_message]
    pub struct Told {
        /// Refused.
        pub value: crate::quoting::Quoting,
    }
}
