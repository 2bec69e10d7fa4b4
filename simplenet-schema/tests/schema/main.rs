//! Tests of the public API of the schema crate.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod build;
mod canonical;
mod diff;
mod generated;
mod rules;
mod vectors;
