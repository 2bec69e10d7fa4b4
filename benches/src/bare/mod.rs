//! The workloads without simplenet: one task, one WebSocket, and the same struct in the same
//! encoding.

mod client;
mod connection;
mod server;

pub(crate) use client::BareClient;
pub(crate) use server::BareServer;
