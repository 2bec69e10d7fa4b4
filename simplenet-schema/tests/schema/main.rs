//! What the schema crate promises, held against its public surface.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails where it stands"
)]

mod build;
mod canonical;
mod diff;
mod generated;
mod rules;
