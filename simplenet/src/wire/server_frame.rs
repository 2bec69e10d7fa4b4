//! The frames that a server sends after the handshake: servers encode them, clients decode them.

use std::{
    fmt::{self, Debug, Formatter},
    time::Duration,
};

use serde::Serialize;

use super::{
    EncodeError, OutgoingFrame,
    codec::{encode_frame, encode_integers},
    frame::{FrameError, Kind, Size, body, debug, milliseconds, split_id},
};

/// A frame that a server sends after the handshake. Payloads are not decoded yet.
#[derive(Clone, PartialEq, Eq)]
pub enum ServerFrame<'a> {
    Message(&'a [u8]),
    Response(u64, &'a [u8]),
    Ack(u64),
    Reject(u64),
    Ping(u64),
    Pong(u64),
    Draining {
        retry_after: Option<Duration>,
    },
    /// The time for which the client's credentials remain valid. `None`: they never expire.
    Expiry {
        remaining: Option<Duration>,
    },
}

impl<'a> ServerFrame<'a> {
    /// Decodes a frame from a server.
    #[inline]
    pub fn decode(frame: &'a [u8]) -> Result<Self, FrameError> {
        let kind = Kind::of(frame)?;
        match kind {
            Kind::ServerMessage => Ok(Self::Message(&frame[1..])),
            Kind::Response => {
                let (id, payload) = split_id(kind, frame)?;
                Ok(Self::Response(id, payload))
            }
            Kind::Ack => Ok(Self::Ack(body(kind, frame)?)),
            Kind::Reject => Ok(Self::Reject(body(kind, frame)?)),
            Kind::Ping => Ok(Self::Ping(body(kind, frame)?)),
            Kind::Pong => Ok(Self::Pong(body(kind, frame)?)),
            Kind::Draining => Ok(Self::Draining { retry_after: optional_duration(kind, frame)? }),
            Kind::Expiry => Ok(Self::Expiry { remaining: optional_duration(kind, frame)? }),
            Kind::Welcome | Kind::Refused => Err(FrameError::OutOfPlace(kind)),
            _ => Err(FrameError::WrongDirection(kind)),
        }
    }
}

impl Debug for ServerFrame<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(payload) => debug(f, "Message", &[&Size(payload.len())]),
            Self::Response(id, payload) => debug(f, "Response", &[id, &Size(payload.len())]),
            Self::Ack(id) => debug(f, "Ack", &[id]),
            Self::Reject(id) => debug(f, "Reject", &[id]),
            Self::Ping(nonce) => debug(f, "Ping", &[nonce]),
            Self::Pong(nonce) => debug(f, "Pong", &[nonce]),
            Self::Draining { retry_after } => debug(f, "Draining", &[retry_after]),
            Self::Expiry { remaining } => debug(f, "Expiry", &[remaining]),
        }
    }
}

/// Encodes a server's one-shot message.
pub fn server_message<T>(message: &T, limit: usize) -> Result<OutgoingFrame, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ServerMessage as u8, None, message, limit)
}

/// Encodes a server's response to request `id`.
pub fn response<T>(id: u64, response: &T, limit: usize) -> Result<OutgoingFrame, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Response as u8, Some(id), response, limit)
}

/// Encodes a server's acknowledgement of request `id`, which replaces a response.
pub fn ack(id: u64) -> OutgoingFrame {
    encode_integers(Kind::Ack as u8, &[id])
}

/// Encodes a server's rejection of request `id`.
pub fn reject(id: u64) -> OutgoingFrame {
    encode_integers(Kind::Reject as u8, &[id])
}

/// Encodes a server's notice that it is about to shut down.
pub fn draining(retry_after: Option<Duration>) -> OutgoingFrame {
    encode_optional_duration(Kind::Draining, retry_after)
}

/// Encodes the time for which the server accepts the client's credentials, rounded down to
/// milliseconds. `None`: they never expire.
pub fn expiry(remaining: Option<Duration>) -> OutgoingFrame {
    encode_optional_duration(Kind::Expiry, remaining)
}

fn encode_optional_duration(kind: Kind, duration: Option<Duration>) -> OutgoingFrame {
    match duration {
        None => encode_integers(kind as u8, &[0]),
        Some(duration) => encode_integers(kind as u8, &[1, milliseconds(duration).into()]),
    }
}

fn optional_duration(kind: Kind, frame: &[u8]) -> Result<Option<Duration>, FrameError> {
    let milliseconds = body::<Option<u32>>(kind, frame)?;
    Ok(milliseconds.map(|ms| Duration::from_millis(ms.into())))
}
