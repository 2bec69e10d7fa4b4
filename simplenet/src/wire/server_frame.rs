//! What a server sends once a session has begun: written by servers, read by clients.

#[cfg(feature = "client")]
use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

#[cfg(feature = "client")]
use bytes::Buf;
use bytes::Bytes;
#[cfg(feature = "server")]
use serde::Serialize;

use super::frame::Kind;
#[cfg(feature = "client")]
use super::frame::{FrameError, Size, body, debug, take_id};
#[cfg(feature = "server")]
use super::{
    EncodeError,
    codec::{encode_frame, encode_integers},
    frame::milliseconds,
};

/// A frame that a server sends once the session has begun. Payloads are still encoded.
#[cfg(feature = "client")]
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

#[cfg(feature = "client")]
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

#[cfg(feature = "client")]
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

/// A one-shot message from a server.
#[cfg(feature = "server")]
pub(crate) fn server_message<T>(message: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ServerMessage as u8, None, message, limit)
}

/// A server's response to request `id`.
#[cfg(feature = "server")]
pub(crate) fn response<T>(id: u64, response: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Response as u8, Some(id), response, limit)
}

/// A server's acknowledgement of request `id`, in place of a response.
#[cfg(feature = "server")]
pub(crate) fn ack(id: u64) -> Bytes {
    encode_integers(Kind::Ack as u8, &[id])
}

/// A server's rejection of request `id`.
#[cfg(feature = "server")]
pub(crate) fn reject(id: u64) -> Bytes {
    encode_integers(Kind::Reject as u8, &[id])
}

/// A server's notice that it goes away.
#[cfg(feature = "server")]
pub(crate) fn draining(retry_after: Option<Duration>) -> Bytes {
    match retry_after {
        None => encode_integers(Kind::Draining as u8, &[0]),
        Some(wait) => encode_integers(Kind::Draining as u8, &[1, milliseconds(wait).into()]),
    }
}
