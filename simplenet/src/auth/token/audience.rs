use super::{AuthToken, TokenError};

/// The servers that a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// All servers of all channels.
    Any,
    /// All servers of one channel.
    Channel(Name),
    /// One server of one channel.
    Server { channel: Name, server: Name },
}

/// The name of a channel or a server, of 1 to [`AuthToken::MAX_NAME_BYTES`] bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Audience {
    pub(crate) fn channel(&self) -> Option<&str> {
        match self {
            Self::Any => None,
            Self::Channel(channel) | Self::Server { channel, .. } => Some(&channel.0),
        }
    }

    pub(crate) fn server(&self) -> Option<&str> {
        match self {
            Self::Any | Self::Channel(_) => None,
            Self::Server { server, .. } => Some(&server.0),
        }
    }
}

impl Name {
    pub(crate) fn new(name: impl Into<String>) -> Result<Self, TokenError> {
        let name = name.into();
        match name.len() {
            1..=AuthToken::MAX_NAME_BYTES => Ok(Self(name)),
            size => Err(TokenError::Name { size }),
        }
    }
}
