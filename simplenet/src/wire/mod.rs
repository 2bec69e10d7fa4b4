//! The wire: frames, their bytes, and the reasons that end a session.
//!
//! A frame is a kind byte, then a body in bincode 2 `standard()` configuration, without trailing
//! bytes. A client opens with `Hello`; the server answers `Welcome` or `Refused`. Each of these
//! frames is a WebSocket message. After that, each side sends the frames of its own direction, and
//! a WebSocket message contains one or more of them. `docs/protocol.md` describes every frame, and
//! `docs/vectors.json` contains golden vectors, which the tests compare with this module.
//!
//! In every version, `Hello` and `Refused` start with their kind byte, followed by the wire version
//! as two little-endian bytes. So two programs of different versions can report that their versions
//! differ.
//!
//! Every build contains both directions, and the linker drops the unused one. Only for that reason
//! is the module public. It is hidden from the documentation and no part of the API.

mod client_frame;
mod close;
mod codec;
mod extensions;
mod frame;
mod hello;
mod mismatch;
mod mismatch_body;
mod packed;
mod payload;
mod refusal;
mod reply;
mod server_frame;
#[cfg(test)]
mod tests;

pub use client_frame::{ClientFrame, client_message, request, request_variant, token};
pub use close::CloseReason;
pub(crate) use codec::round_trip;
pub use codec::{
    DecodeError, EncodeError, LocatedError, decode_sized, encode, memory_budget, variant_index,
};
pub use extensions::HelloExtensions;
pub use frame::{FrameError, Kind, ping, pong};
pub use hello::{Auth, Hello, HelloError, MAX_HELLO_BYTES, SecretBytes};
pub use mismatch::{
    ChangeClass, ChangeDirection, ChangeUse, OlderSide, ProtocolChange, ProtocolMismatch,
};
pub use packed::{Frames, OutgoingFrame, PACKED_BYTES, frames, max_message_bytes, take_frames};
pub use payload::{Payload, Payloads, Shape};
pub use refusal::encode_refused;
pub use reply::{HandshakeReply, Welcome};
pub use server_frame::{ServerFrame, ack, draining, expiry, reject, response, server_message};

/// The version of the wire that this crate speaks.
pub const WIRE_VERSION: u16 = 1;

/// The WebSocket subprotocol: clients offer it, and servers echo it if it was offered.
///
/// The name contains no version. A server of another version would not echo it, so the WebSocket
/// handshake would fail, and neither side could report the version mismatch.
pub const SUBPROTOCOL: &str = "simplenet";
