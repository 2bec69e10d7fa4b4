//! The parts that the programs of the chat share: the channel, the rooms, the server's event loop
//! and the console.

pub mod console;
pub mod event_loop;
pub mod protocol;
pub mod rooms;
