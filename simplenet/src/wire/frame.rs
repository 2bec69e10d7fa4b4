use std::{
    fmt::{self, Debug, Display, Formatter},
    time::Duration,
};

use serde::de::DeserializeOwned;
use thiserror::Error;

use super::{
    DecodeError, OutgoingFrame,
    codec::{self, decode, encode_integers},
};

/// The reason why bytes are no frame, or no frame that is allowed at this point.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// The message contains no frame.
    #[error("message without a frame")]
    NoFrame,
    /// The length of a frame is malformed, or exceeds the rest of its message.
    #[error("the length of a frame exceeds its message")]
    Length,
    /// There is no kind byte.
    #[error("empty frame")]
    Empty,
    /// This version has no such kind.
    #[error("unknown frame kind {0:#04x}")]
    UnknownKind(u8),
    /// Only the receiver of the frame may send this kind.
    #[error("`{0}` frame from the wrong side")]
    WrongDirection(Kind),
    /// The kind is not allowed at this point: a `Hello` within a session, for instance.
    #[error("`{0}` frame out of place")]
    OutOfPlace(Kind),
    /// The body is invalid for the kind.
    #[error("malformed `{kind}` frame: {error}")]
    Malformed {
        /// The kind byte of the frame.
        kind: Kind,
        /// The error in the body.
        error: DecodeError,
    },
}

/// Encodes a ping, which the peer answers with a pong of the same nonce.
pub fn ping(nonce: u64) -> OutgoingFrame {
    encode_integers(Kind::Ping as u8, &[nonce])
}

/// Encodes the answer to a ping.
pub fn pong(nonce: u64) -> OutgoingFrame {
    encode_integers(Kind::Pong as u8, &[nonce])
}

/// The first byte of a frame. A number never changes its meaning in a later version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
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
    Expiry = 0x48,
}

impl Kind {
    /// Reads the kind of a whole frame.
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
            0x48 => Self::Expiry,
            unknown => return Err(FrameError::UnknownKind(unknown)),
        })
    }

    /// Returns true for the kinds that a server may send.
    pub(super) fn is_from_server(self) -> bool {
        !matches!(self, Self::Hello | Self::ClientMessage | Self::Request | Self::Token)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}

/// Prints the length of a peer's bytes in `Debug` output, because their content must not reach a
/// log.
pub(super) struct Size(pub(super) usize);

impl Debug for Size {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}

/// Converts a duration to milliseconds, the unit of the wire, capped at `u32::MAX`.
pub(super) fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// Splits a frame after its kind and its id. Returns the id and the payload.
#[inline]
pub(super) fn split_id(kind: Kind, frame: &[u8]) -> Result<(u64, &[u8]), FrameError> {
    let body = &frame[1..];
    let (id, length) =
        codec::split_integer(body).map_err(|error| FrameError::Malformed { kind, error })?;
    Ok((id, &body[length..]))
}

/// Decodes the body of a frame that carries no payload of the application.
pub(super) fn body<T: DeserializeOwned>(kind: Kind, frame: &[u8]) -> Result<T, FrameError> {
    let body = frame.get(1..).unwrap_or_default();
    decode(body).map_err(|error| FrameError::Malformed { kind, error })
}

/// Prints a frame as a tuple.
pub(super) fn debug(f: &mut Formatter<'_>, name: &str, fields: &[&dyn Debug]) -> fmt::Result {
    let mut tuple = f.debug_tuple(name);
    for field in fields {
        tuple.field(field);
    }
    tuple.finish()
}
