//! What every program of the chat shares: the channel, the rules of the rooms, and the host that applies them.

pub mod console;
pub mod host;
pub mod protocol;
pub mod rooms;
