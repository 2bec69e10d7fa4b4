//! The wire: frames, their bytes, and the reasons that end a session.
//!
//! One WebSocket message is one frame: a kind byte, then a body in bincode 2 `standard()` configuration, with nothing
//! left over. A client opens with `Hello`; the server answers `Welcome` or `Refused`; after that each side sends the
//! frames of its own direction. `docs/protocol.md` describes every frame with golden vectors, which the tests hold.
//!
//! Two things outlive every version: `Hello` starts with its kind byte and the wire version as two little-endian bytes,
//! and so does `Refused`, so that programs of any two versions can tell each other why they part.

mod close;
mod codec;
mod frame;
mod hello;
mod mismatch;
mod reply;
#[cfg(test)]
mod tests;

pub use close::CloseReason;
pub(crate) use codec::{DecodeError, EncodeError, decode, encode, variant_index};
pub(crate) use frame::{
    ClientFrame, FrameError, ServerFrame, ack, client_message, draining, ping, pong, reject,
    request, response, server_message,
};
pub(crate) use hello::{Auth, Hello, HelloError, MAX_HELLO_BYTES, SecretBytes};
pub use mismatch::{ChangeLevel, OlderSide, ProtocolChange, ProtocolMismatch};
pub(crate) use reply::{HandshakeReply, Welcome, encode_refused};

/// The version of the wire that this crate speaks.
pub(crate) const WIRE_VERSION: u16 = 1;

/// The WebSocket subprotocol: offered by clients, echoed by servers where it was offered.
///
/// Without a version, because one that is not echoed fails the handshake before either side can say why.
pub(crate) const SUBPROTOCOL: &str = "simplenet";
