//! Peers in separate processes that are killed, stopped, or run out of file descriptors.

mod killed;
mod process;
mod starved;
mod stopped;
