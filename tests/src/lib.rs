//! The channels and the harness that the integration tests share.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails where it stands"
)]

pub mod harness;
pub mod raw;

/// The channel of the chat example.
#[simplenet::channel(schema = "../schemas/chat.ron")]
pub mod chat {}
