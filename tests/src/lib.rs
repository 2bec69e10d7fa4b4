//! The channels and the harness that the integration tests share.

pub mod harness;
pub mod raw;

/// The channel of the chat example.
#[simplenet::channel(schema = "../schemas/chat.ron")]
pub mod chat {}
