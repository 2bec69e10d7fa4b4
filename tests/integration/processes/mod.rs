//! Peers in separate processes, which are killed, stopped, or left without file descriptors.

mod killed;
mod process;
mod starved;
mod stopped;
