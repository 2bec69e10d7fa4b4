use std::{
    fmt::{self, Debug, Display, Formatter},
    time::Duration,
};

use bytes::{Buf, Bytes};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

use super::{
    DecodeError, EncodeError,
    codec::{self, decode, encode_frame, encode_integers},
};

/// A frame that a client sends once its session has begun. Payloads are still encoded.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ClientFrame {
    Message(Bytes),
    Request(u64, Bytes),
    Ping(u64),
    Pong(u64),
}

/// A frame that a server sends once the session has begun. Payloads are still encoded.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ServerFrame {
    Message(Bytes),
    Response(u64, Bytes),
    Ack(u64),
    Reject(u64),
    Ping(u64),
    Pong(u64),
    Draining { retry_after: Option<Duration> },
}

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

/// A one-shot message from a client. `limit` counts the whole frame, here and below.
pub(crate) fn client_message<T>(message: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ClientMessage as u8, None, message, limit)
}

/// A request from a client.
pub(crate) fn request<T>(id: u64, request: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Request as u8, Some(id), request, limit)
}

/// A one-shot message from a server.
pub(crate) fn server_message<T>(message: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ServerMessage as u8, None, message, limit)
}

/// A server's response to request `id`.
pub(crate) fn response<T>(id: u64, response: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Response as u8, Some(id), response, limit)
}

/// A server's acknowledgement of request `id`, in place of a response.
pub(crate) fn ack(id: u64) -> Bytes {
    encode_integers(Kind::Ack as u8, &[id])
}

/// A server's rejection of request `id`.
pub(crate) fn reject(id: u64) -> Bytes {
    encode_integers(Kind::Reject as u8, &[id])
}

/// A sign of life that asks for one.
pub(crate) fn ping(nonce: u64) -> Bytes {
    encode_integers(Kind::Ping as u8, &[nonce])
}

/// The answer to a ping.
pub(crate) fn pong(nonce: u64) -> Bytes {
    encode_integers(Kind::Pong as u8, &[nonce])
}

/// A server's notice that it goes away.
pub(crate) fn draining(retry_after: Option<Duration>) -> Bytes {
    match retry_after {
        None => encode_integers(Kind::Draining as u8, &[0]),
        Some(wait) => encode_integers(Kind::Draining as u8, &[1, milliseconds(wait).into()]),
    }
}

impl ClientFrame {
    /// The frame in one WebSocket message, as a server reads it.
    pub(crate) fn decode(mut frame: Bytes) -> Result<Self, FrameError> {
        let kind = Kind::of(&frame)?;
        match kind {
            Kind::ClientMessage => {
                frame.advance(1);
                Ok(Self::Message(frame))
            }
            Kind::Request => {
                let id = take_id(kind, &mut frame)?;
                Ok(Self::Request(id, frame))
            }
            Kind::Ping => Ok(Self::Ping(body(kind, &frame)?)),
            Kind::Pong => Ok(Self::Pong(body(kind, &frame)?)),
            Kind::Hello => Err(FrameError::OutOfPlace(kind)),
            _ => Err(FrameError::WrongDirection(kind)),
        }
    }
}

impl ServerFrame {
    /// The frame in one WebSocket message, as a client reads it.
    pub(crate) fn decode(mut frame: Bytes) -> Result<Self, FrameError> {
        let kind = Kind::of(&frame)?;
        match kind {
            Kind::ServerMessage => {
                frame.advance(1);
                Ok(Self::Message(frame))
            }
            Kind::Response => {
                let id = take_id(kind, &mut frame)?;
                Ok(Self::Response(id, frame))
            }
            Kind::Ack => Ok(Self::Ack(body(kind, &frame)?)),
            Kind::Reject => Ok(Self::Reject(body(kind, &frame)?)),
            Kind::Ping => Ok(Self::Ping(body(kind, &frame)?)),
            Kind::Pong => Ok(Self::Pong(body(kind, &frame)?)),
            Kind::Draining => {
                let retry_after = body::<Option<u32>>(kind, &frame)?;
                Ok(Self::Draining {
                    retry_after: retry_after.map(|ms| Duration::from_millis(ms.into())),
                })
            }
            Kind::Welcome | Kind::Refused => Err(FrameError::OutOfPlace(kind)),
            _ => Err(FrameError::WrongDirection(kind)),
        }
    }
}

/// The first byte of a frame. A number once given is never given another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Hello = 0x01,
    ClientMessage = 0x02,
    Request = 0x03,
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
    pub(super) fn is_from_server(self) -> bool {
        !matches!(self, Self::Hello | Self::ClientMessage | Self::Request)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}

impl Debug for ClientFrame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(payload) => debug(f, "Message", &[&Size(payload.len())]),
            Self::Request(id, payload) => debug(f, "Request", &[id, &Size(payload.len())]),
            Self::Ping(nonce) => debug(f, "Ping", &[nonce]),
            Self::Pong(nonce) => debug(f, "Pong", &[nonce]),
        }
    }
}

impl Debug for ServerFrame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(payload) => debug(f, "Message", &[&Size(payload.len())]),
            Self::Response(id, payload) => debug(f, "Response", &[id, &Size(payload.len())]),
            Self::Ack(id) => debug(f, "Ack", &[id]),
            Self::Reject(id) => debug(f, "Reject", &[id]),
            Self::Ping(nonce) => debug(f, "Ping", &[nonce]),
            Self::Pong(nonce) => debug(f, "Pong", &[nonce]),
            Self::Draining { retry_after } => debug(f, "Draining", &[retry_after]),
        }
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
pub(super) fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

fn take_id(kind: Kind, frame: &mut Bytes) -> Result<u64, FrameError> {
    frame.advance(1);
    let (id, length) =
        codec::split_id(frame).map_err(|source| FrameError::Malformed { kind, source })?;
    frame.advance(length);
    Ok(id)
}

fn body<T: DeserializeOwned>(kind: Kind, frame: &[u8]) -> Result<T, FrameError> {
    let body = frame.get(1..).unwrap_or_default();
    decode(body).map_err(|source| FrameError::Malformed { kind, source })
}

fn debug(f: &mut Formatter<'_>, name: &str, fields: &[&dyn Debug]) -> fmt::Result {
    let mut tuple = f.debug_tuple(name);
    for field in fields {
        tuple.field(field);
    }
    tuple.finish()
}
