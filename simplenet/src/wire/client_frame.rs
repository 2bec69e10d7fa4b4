//! The frames that a client sends after its handshake: clients encode them, servers decode them.

use std::fmt::{self, Debug, Formatter};

use bytes::Bytes;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    DecodeError, EncodeError, OutgoingFrame, SecretBytes,
    codec::{self, encode_frame, integer_bytes},
    frame::{FrameError, Kind, Size, body, debug, split_id},
    hello::MAX_TOKEN_BYTES,
};

/// A frame that a client sends after its handshake. Payloads are not decoded yet.
#[derive(Clone, PartialEq, Eq)]
pub enum ClientFrame<'a> {
    Message(&'a [u8]),
    Request(u64, &'a [u8]),
    /// A fresh token, which replaces the token of the session.
    Token(SecretBytes),
    Ping(u64),
    Pong(u64),
}

impl<'a> ClientFrame<'a> {
    /// Decodes a frame from a client.
    #[inline]
    pub fn decode(frame: &'a [u8]) -> Result<Self, FrameError> {
        let kind = Kind::of(frame)?;
        match kind {
            Kind::ClientMessage => Ok(Self::Message(&frame[1..])),
            Kind::Request => {
                let (id, payload) = split_id(kind, frame)?;
                Ok(Self::Request(id, payload))
            }
            Kind::Token if frame.len() > 1 + MAX_TOKEN_BYTES => {
                Err(FrameError::Malformed { kind, error: DecodeError::Invalid("token: too long") })
            }
            Kind::Token => Ok(Self::Token(frame[1..].to_vec().into())),
            Kind::Ping => Ok(Self::Ping(body(kind, frame)?)),
            Kind::Pong => Ok(Self::Pong(body(kind, frame)?)),
            Kind::Hello => Err(FrameError::OutOfPlace(kind)),
            _ => Err(FrameError::WrongDirection(kind)),
        }
    }
}

impl Debug for ClientFrame<'_> {
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
pub fn client_message<T>(message: &T, limit: usize) -> Result<OutgoingFrame, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::ClientMessage as u8, None, message, limit)
}

/// Encodes a client's request.
pub fn request<T>(id: u64, request: &T, limit: usize) -> Result<OutgoingFrame, EncodeError>
where
    T: Serialize + ?Sized,
{
    encode_frame(Kind::Request as u8, Some(id), request, limit)
}

/// Encodes a client's fresh token. The frame is zeroed when it is dropped, like a hello.
pub fn token(token: &[u8]) -> OutgoingFrame {
    let (length, size) = integer_bytes(token.len() as u64 + 1);
    let packed = [&length[..size], &[Kind::Token as u8], token].concat();
    OutgoingFrame::from_shared(Bytes::from_owner(Zeroizing::new(packed)), size)
}

/// Returns the variant of the request in a `Request` frame without decoding the rest.
pub fn request_variant(frame: &[u8]) -> Option<u32> {
    let (_kind, body) = frame.split_first()?;
    let (_id, size) = codec::split_integer(body).ok()?;
    codec::variant_index(&body[size..])
}
