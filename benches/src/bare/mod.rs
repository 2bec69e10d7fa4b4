//! The workloads without simplenet. Each side uses one task and one WebSocket, and sends the same
//! struct in the same encoding as with simplenet.

mod client;
mod connection;
mod server;

pub(crate) use client::BareClient;
pub(crate) use server::BareServer;
