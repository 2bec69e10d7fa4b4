//! The wire: frames, their bytes, and the reasons that end a session.
//!
//! One WebSocket message is one frame: a kind byte, then a body in bincode 2 `standard()` configuration, with nothing
//! left over. A client opens with `Hello`; the server answers `Welcome` or `Refused`; after that each side sends the
//! frames of its own direction. `docs/protocol.md` describes every frame with golden vectors, which the tests hold.
//!
//! Two things outlive every version: `Hello` starts with its kind byte and the wire version as two little-endian bytes,
//! and so does `Refused`, so that programs of any two versions can tell each other why they part.

mod client_frame;
pub(crate) mod close;
mod codec;
mod frame;
mod hello;
mod mismatch;
mod refusal;
mod reply;
mod server_frame;
#[cfg(test)]
#[cfg(all(feature = "client", feature = "server"))]
mod tests;

#[cfg(feature = "server")]
pub(crate) use client_frame::ClientFrame;
#[cfg(feature = "client")]
pub(crate) use client_frame::{client_message, request, request_variant, token};
pub use close::CloseReason;
pub(crate) use codec::{DecodeError, EncodeError, decode_sized};
#[cfg(feature = "client")]
pub(crate) use codec::{encode, variant_index};
pub(crate) use frame::{FrameError, ping, pong};
#[cfg(feature = "server")]
pub(crate) use hello::HelloError;
#[cfg(feature = "server")]
pub(crate) use hello::SecretBytes;
pub(crate) use hello::{Auth, Hello, MAX_HELLO_BYTES};
pub use mismatch::{ChangeLevel, OlderSide, ProtocolChange, ProtocolMismatch};
#[cfg(feature = "server")]
pub(crate) use refusal::encode_refused;
#[cfg(feature = "client")]
pub(crate) use reply::HandshakeReply;
pub(crate) use reply::Welcome;
#[cfg(feature = "client")]
pub(crate) use server_frame::ServerFrame;
#[cfg(feature = "server")]
pub(crate) use server_frame::{ack, draining, reject, response, server_message};

/// The version of the wire that this crate speaks.
pub(crate) const WIRE_VERSION: u16 = 1;

/// The WebSocket subprotocol: offered by clients, echoed by servers where it was offered.
///
/// Without a version, because one that is not echoed fails the handshake before either side can say why.
pub(crate) const SUBPROTOCOL: &str = "simplenet";
