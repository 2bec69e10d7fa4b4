//! A typed, bi-directional client/server channel over WebSockets.

mod channel;
mod protocol;

pub use channel::{ChannelPack, ClientMessage, Request, ServerMessage};
pub use protocol::Protocol;
