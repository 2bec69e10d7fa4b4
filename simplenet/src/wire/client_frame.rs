//! What a client sends once its session has begun: written by clients, read by servers.

#[cfg(feature = "server")]
use std::fmt::{self, Debug, Formatter};

#[cfg(feature = "server")]
use bytes::Buf;
use bytes::Bytes;
#[cfg(feature = "client")]
use serde::Serialize;
#[cfg(feature = "client")]
use zeroize::Zeroizing;

use super::frame::Kind;
#[cfg(feature = "server")]
use super::{
    DecodeError, SecretBytes,
    frame::{FrameError, Size, body, debug, take_id},
    hello::MAX_TOKEN_BYTES,
};
#[cfg(feature = "client")]
use super::{
    EncodeError,
    codec::{self, encode_frame},
};

/// A frame that a client sends once its session has begun. Payloads are still encoded.
#[cfg(feature = "server")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ClientFrame {
    Message(Bytes),
    Request(u64, Bytes),
    /// A fresh token, which is to take the place of the one that the session has.
    Token(SecretBytes),
    Ping(u64),
    Pong(u64),
}

#[cfg(feature = "server")]
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
            Kind::Token if frame.len() > 1 + MAX_TOKEN_BYTES => {
                Err(FrameError::Malformed { kind, source: DecodeError::Invalid("token: too long") })
            }
            Kind::Token => Ok(Self::Token(frame[1..].to_vec().into())),
            Kind::Ping => Ok(Self::Ping(body(kind, &frame)?)),
            Kind::Pong => Ok(Self::Pong(body(kind, &frame)?)),
            Kind::Hello => Err(FrameError::OutOfPlace(kind)),
            _ => Err(FrameError::WrongDirection(kind)),
        }
    }
}

#[cfg(feature = "server")]
impl Debug for ClientFrame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(payload) => debug(f, "Message", &[&Size(payload.len())]),
            Self::Request(id, payload) => debug(f, "Request", &[id, &Size(payload.len())]),
            Self::Token(token) => debug(f, "Token", &[token]),
            Self::Ping(nonce) => debug(f, "Ping", &[nonce]),
            Self::Pong(nonce) => debug(f, "Pong", &[nonce]),
        }
    }
}

/// A one-shot message from a client. `limit` counts the whole frame, here and below.
#[cfg(feature = "client")]
pub(crate) fn client_message<T>(message: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ClientMessage as u8, None, message, limit)
}

/// A request from a client.
#[cfg(feature = "client")]
pub(crate) fn request<T>(id: u64, request: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Request as u8, Some(id), request, limit)
}

/// A client's fresh token. Zeroed when it is dropped, as the hello is.
#[cfg(feature = "client")]
pub(crate) fn token(token: &[u8]) -> Bytes {
    Bytes::from_owner(Zeroizing::new([&[Kind::Token as u8], token].concat()))
}

/// Which request the frame of a request makes, read without decoding the rest.
#[cfg(feature = "client")]
pub(crate) fn request_variant(frame: &[u8]) -> Option<u32> {
    let (_kind, body) = frame.split_first()?;
    let (_id, size) = codec::split_id(body).ok()?;
    codec::variant_index(&body[size..])
}
