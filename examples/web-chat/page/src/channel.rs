//! The channel of the page.

/// The chat, from the schema that its server is built from.
#[cfg(not(feature = "outdated"))]
#[simplenet::channel(schema = "../../../schemas/chat.ron")]
pub(crate) mod chat {}

/// The chat, from the schema as it once was.
#[cfg(feature = "outdated")]
#[simplenet::channel(schema = "../../../schemas/chat-old.ron")]
pub(crate) mod chat {}
