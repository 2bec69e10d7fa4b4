//! The channel of the page.

/// The chat, from the schema of the server.
#[cfg(not(feature = "outdated"))]
#[simplenet::channel(schema = "../../../schemas/chat.ron")]
pub(crate) mod chat {}

/// The chat, from an older schema.
#[cfg(feature = "outdated")]
#[simplenet::channel(schema = "../../../schemas/chat-old.ron")]
pub(crate) mod chat {}
