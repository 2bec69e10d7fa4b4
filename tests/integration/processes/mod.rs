//! Peers in processes of their own, which the system kills, stops and starves.

mod killed;
mod process;
mod starved;
mod stopped;
