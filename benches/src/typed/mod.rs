//! The workloads with simplenet, as an application would write them.

mod client;
mod server;

pub(crate) use client::TypedClient;
pub(crate) use server::TypedServer;
