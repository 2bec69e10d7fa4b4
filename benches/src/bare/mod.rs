//! The same work by hand: one task, one WebSocket, the same struct in the same bytes, and nothing else.

mod client;
mod connection;
mod server;

pub(crate) use client::BareClient;
pub(crate) use server::BareServer;
