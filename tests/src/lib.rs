//! The channels and the harness that the integration tests share.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed precondition fails the test at its line"
)]

pub mod attack;
pub mod certificates;
pub mod fragile_type;
pub mod harness;
pub mod proxy;
pub mod raw;
pub mod unbounded;

/// The channel of the chat example.
#[simplenet::channel(schema = "../schemas/chat.ron")]
pub mod chat {}

/// A channel whose values panic when they are encoded or decoded.
#[simplenet::channel(schema = "schemas/fragile.ron")]
pub mod fragile {}

/// The channel between the browser tests and their servers.
#[simplenet::channel(schema = "schemas/page.ron")]
pub mod page {}

/// The channel of the attacked servers, with types that are prone to attacks.
#[simplenet::channel(schema = "schemas/target.ron")]
pub mod target {}
