#[cfg(feature = "server")]
use bytes::Bytes;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
use super::codec::encode_integers;
use super::frame::Kind;
#[cfg(feature = "client")]
use super::{CloseReason, FrameError, codec::decode, refusal::decode_refused};

/// A server's answer to a hello.
#[cfg(feature = "client")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HandshakeReply {
    /// The session begins.
    Welcome(Welcome),
    /// There will be none.
    Refused(CloseReason),
}

/// What a client must know about its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Welcome {
    /// Those of the hello's features that the server has too.
    pub(crate) features: u64,
    /// Number of the session, unique for the life of the server.
    pub(crate) session: u64,
    /// Longest frame that the server takes, in bytes.
    pub(crate) max_msg_size: u32,
    /// Requests that may wait for an answer at the same time.
    pub(crate) max_in_flight: u32,
    /// How often the client should be heard from.
    pub(crate) heartbeat_interval_ms: u32,
    /// Silence after which the server gives the client up.
    pub(crate) keepalive_timeout_ms: u32,
}

#[cfg(feature = "client")]
impl HandshakeReply {
    /// The reply in `frame`.
    pub(crate) fn decode(frame: &[u8]) -> Result<Self, FrameError> {
        match Kind::of(frame)? {
            kind @ Kind::Welcome => decode(&frame[1..])
                .map(Self::Welcome)
                .map_err(|source| FrameError::Malformed { kind, source }),
            kind @ Kind::Refused => decode_refused(frame)
                .map(Self::Refused)
                .map_err(|source| FrameError::Malformed { kind, source }),
            kind if kind.is_from_server() => Err(FrameError::OutOfPlace(kind)),
            kind => Err(FrameError::WrongDirection(kind)),
        }
    }
}

#[cfg(feature = "server")]
impl Welcome {
    /// The frame.
    pub(crate) fn encode(&self) -> Bytes {
        let Self {
            features,
            session,
            max_msg_size,
            max_in_flight,
            heartbeat_interval_ms,
            keepalive_timeout_ms,
        } = *self;
        encode_integers(
            Kind::Welcome as u8,
            &[
                features,
                session,
                max_msg_size.into(),
                max_in_flight.into(),
                heartbeat_interval_ms.into(),
                keepalive_timeout_ms.into(),
            ],
        )
    }
}
