//! The channels and the harness that the integration tests share.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails where it stands"
)]

pub mod attack;
pub mod boundless;
pub mod certificates;
pub mod fragile_type;
pub mod harness;
pub mod proxy;
pub mod raw;

/// The channel of the chat example.
#[simplenet::channel(schema = "../schemas/chat.ron")]
pub mod chat {}

/// A channel whose values panic when they are written or read.
#[simplenet::channel(schema = "schemas/fragile.ron")]
pub mod fragile {}

/// What the tests in a browser say to their servers.
#[simplenet::channel(schema = "schemas/page.ron")]
pub mod page {}
/// A channel with types that invite to attacks.
#[simplenet::channel(schema = "schemas/target.ron")]
pub mod target {}
