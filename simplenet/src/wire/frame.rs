use std::fmt::{self, Debug, Display, Formatter};
#[cfg(feature = "server")]
use std::time::Duration;

use bytes::{Buf, Bytes};
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::{
    DecodeError,
    codec::{self, decode, encode_integers},
};

/// Why bytes are not a frame that may come now.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum FrameError {
    /// No kind byte.
    #[error("empty frame")]
    Empty,
    /// A kind that this version does not have.
    #[error("unknown frame kind {0:#04x}")]
    UnknownKind(u8),
    /// A kind that only the receiver may send.
    #[error("`{0}` frame from the wrong side")]
    WrongDirection(Kind),
    /// A kind that may not come at this point of the conversation.
    #[error("`{0}` frame out of place")]
    OutOfPlace(Kind),
    /// The body breaks the rules of its kind.
    #[error("malformed `{kind}` frame: {source}")]
    Malformed {
        /// What the frame says it is.
        kind: Kind,
        /// What is wrong with it.
        source: DecodeError,
    },
}

/// A sign of life that asks for one.
pub(crate) fn ping(nonce: u64) -> Bytes {
    encode_integers(Kind::Ping as u8, &[nonce])
}

/// The answer to a ping.
pub(crate) fn pong(nonce: u64) -> Bytes {
    encode_integers(Kind::Pong as u8, &[nonce])
}

/// The first byte of a frame. A number once given is never given another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Hello = 0x01,
    ClientMessage = 0x02,
    Request = 0x03,
    Token = 0x04,
    Ping = 0x10,
    Pong = 0x11,
    Welcome = 0x41,
    Refused = 0x42,
    ServerMessage = 0x43,
    Response = 0x44,
    Ack = 0x45,
    Reject = 0x46,
    Draining = 0x47,
}

impl Kind {
    /// The kind of a whole frame.
    pub(super) fn of(frame: &[u8]) -> Result<Self, FrameError> {
        Ok(match *frame.first().ok_or(FrameError::Empty)? {
            0x01 => Self::Hello,
            0x02 => Self::ClientMessage,
            0x03 => Self::Request,
            0x04 => Self::Token,
            0x10 => Self::Ping,
            0x11 => Self::Pong,
            0x41 => Self::Welcome,
            0x42 => Self::Refused,
            0x43 => Self::ServerMessage,
            0x44 => Self::Response,
            0x45 => Self::Ack,
            0x46 => Self::Reject,
            0x47 => Self::Draining,
            unknown => return Err(FrameError::UnknownKind(unknown)),
        })
    }

    /// True for what a server may send.
    #[cfg(feature = "client")]
    pub(super) fn is_from_server(self) -> bool {
        !matches!(self, Self::Hello | Self::ClientMessage | Self::Request | Self::Token)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}

/// Stands in `Debug` for bytes that a peer sent, whose contents are nobody's business in a log.
pub(super) struct Size(pub(super) usize);

impl Debug for Size {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}

/// As the wire has durations: a longer one than it can say is as good as the longest.
#[cfg(feature = "server")]
pub(super) fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// The id that follows the kind of `frame`, which is left with the payload.
pub(super) fn take_id(kind: Kind, frame: &mut Bytes) -> Result<u64, FrameError> {
    frame.advance(1);
    let (id, length) =
        codec::split_id(frame).map_err(|source| FrameError::Malformed { kind, source })?;
    frame.advance(length);
    Ok(id)
}

/// The body of a frame that is no payload.
pub(super) fn body<T: DeserializeOwned>(kind: Kind, frame: &[u8]) -> Result<T, FrameError> {
    let body = frame.get(1..).unwrap_or_default();
    decode(body).map_err(|source| FrameError::Malformed { kind, source })
}

/// Prints a frame, with a payload by its size.
pub(super) fn debug(f: &mut Formatter<'_>, name: &str, fields: &[&dyn Debug]) -> fmt::Result {
    let mut tuple = f.debug_tuple(name);
    for field in fields {
        tuple.field(field);
    }
    tuple.finish()
}
