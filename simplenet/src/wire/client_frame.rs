//! The frames that a client sends after its handshake: clients encode them, servers decode them.

use std::fmt::{self, Debug, Formatter};

use bytes::{Buf, Bytes};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    DecodeError, EncodeError, SecretBytes,
    codec::{self, encode_frame},
    frame::{FrameError, Kind, Size, body, debug, take_id},
    hello::MAX_TOKEN_BYTES,
};

/// A frame that a client sends after its handshake. Payloads are not decoded yet.
#[derive(Clone, PartialEq, Eq)]
pub enum ClientFrame {
    Message(Bytes),
    Request(u64, Bytes),
    /// A fresh token, which replaces the token of the session.
    Token(SecretBytes),
    Ping(u64),
    Pong(u64),
}

impl ClientFrame {
    /// Decodes the frame in one WebSocket message from a client.
    pub fn decode(mut frame: Bytes) -> Result<Self, FrameError> {
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
                Err(FrameError::Malformed { kind, error: DecodeError::Invalid("token: too long") })
            }
            Kind::Token => Ok(Self::Token(frame[1..].to_vec().into())),
            Kind::Ping => Ok(Self::Ping(body(kind, &frame)?)),
            Kind::Pong => Ok(Self::Pong(body(kind, &frame)?)),
            Kind::Hello => Err(FrameError::OutOfPlace(kind)),
            _ => Err(FrameError::WrongDirection(kind)),
        }
    }
}

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

/// Encodes a client's one-shot message. `limit` is the maximum length of the whole frame in bytes,
/// as in the functions below.
pub fn client_message<T>(message: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ClientMessage as u8, None, message, limit)
}

/// Encodes a client's request.
pub fn request<T>(id: u64, request: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Request as u8, Some(id), request, limit)
}

/// Encodes a client's fresh token. The frame is zeroed when it is dropped, like a hello.
pub fn token(token: &[u8]) -> Bytes {
    Bytes::from_owner(Zeroizing::new([&[Kind::Token as u8], token].concat()))
}

/// Returns the variant of the request in a `Request` frame without decoding the rest.
pub fn request_variant(frame: &[u8]) -> Option<u32> {
    let (_kind, body) = frame.split_first()?;
    let (_id, size) = codec::split_id(body).ok()?;
    codec::variant_index(&body[size..])
}
