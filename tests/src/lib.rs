//! The channels and the harness that the integration tests share.

/// The channel of the chat example.
#[simplenet::channel(schema = "../schemas/chat.ron")]
pub mod chat {}
