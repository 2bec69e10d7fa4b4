//! The channel of the chat, and the text form of its types.

use std::{
    fmt::{self, Display, Formatter},
    time::{SystemTime, UNIX_EPOCH},
};

use self::chat::{JoinError, RoomId, ServerMsg};

/// The channel between the server and its clients.
#[simplenet::channel(schema = "../../schemas/chat.ron")]
pub mod chat {}

/// Returns the current time in seconds since 1970, the unit of all times on the channel.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Display for RoomId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "room {}", self.0)
    }
}

impl Display for ServerMsg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Posted(posted) => {
                write!(f, "{} in {}: {}", posted.from, posted.room, posted.text)
            }
            Self::Left(left) => write!(f, "{} has left {}", left.1, left.0),
        }
    }
}

impl Display for JoinError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the room is full"),
            Self::Banned { until } => {
                let minutes = until.saturating_sub(now()).div_ceil(60);
                write!(f, "banned for another {minutes} min")
            }
        }
    }
}

impl std::error::Error for JoinError {}
