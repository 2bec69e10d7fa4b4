//! The work by simplenet, as an application would write it.

mod client;
mod server;

pub(crate) use client::TypedClient;
pub(crate) use server::TypedServer;
