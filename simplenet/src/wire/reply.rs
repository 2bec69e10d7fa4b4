use bytes::Bytes;
use serde::Deserialize;

use super::{
    CloseReason, FrameError,
    codec::{decode, encode_integers},
    extensions::Entries,
    frame::Kind,
    refusal::decode_refused,
};

/// A server's answer to a hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandshakeReply {
    /// The session begins.
    Welcome(Welcome),
    /// The server refuses the client.
    Refused(CloseReason),
}

/// The parameters of a session, which the server sends to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Welcome {
    /// The features of the hello that the server supports as well.
    pub features: u64,
    /// Number of the session, unique within the server's lifetime.
    pub session: u64,
    /// Longest frame that the server accepts, in bytes.
    pub max_msg_size: u32,
    /// Limit on the client's unanswered requests.
    pub max_in_flight: u32,
    /// Longest interval between two frames of the client.
    pub heartbeat_interval_ms: u32,
    /// Silence after which the server closes the session.
    pub keepalive_timeout_ms: u32,
}

impl HandshakeReply {
    /// Decodes the reply in `frame`.
    pub fn decode(frame: &[u8]) -> Result<Self, FrameError> {
        match Kind::of(frame)? {
            kind @ Kind::Welcome => decode::<Body<'_>>(&frame[1..])
                .map(|body| Self::Welcome(body.welcome))
                .map_err(|error| FrameError::Malformed { kind, error }),
            kind @ Kind::Refused => decode_refused(frame)
                .map(Self::Refused)
                .map_err(|error| FrameError::Malformed { kind, error }),
            kind if kind.is_from_server() => Err(FrameError::OutOfPlace(kind)),
            kind => Err(FrameError::WrongDirection(kind)),
        }
    }
}

impl Welcome {
    /// Encodes the frame.
    pub fn encode(&self) -> Bytes {
        let Self {
            features,
            session,
            max_msg_size,
            max_in_flight,
            heartbeat_interval_ms,
            keepalive_timeout_ms,
        } = *self;
        let frame = encode_integers(
            Kind::Welcome as u8,
            &[
                features,
                session,
                max_msg_size.into(),
                max_in_flight.into(),
                heartbeat_interval_ms.into(),
                keepalive_timeout_ms.into(),
                NO_EXTENSIONS,
            ],
        );
        Bytes::copy_from_slice(frame.frame())
    }
}

/// The number of extensions in the welcome of this version.
const NO_EXTENSIONS: u64 = 0;

#[derive(Deserialize)]
struct Body<'a> {
    welcome: Welcome,
    /// No extension of a welcome is known yet, but their encoding is validated.
    #[serde(borrow)]
    _extensions: Entries<'a>,
}
