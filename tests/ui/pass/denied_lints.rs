//! Generated code is documented, and gives no cause for a warning.

#![deny(missing_docs, missing_debug_implementations, unreachable_pub, unused, warnings)]
#![forbid(unsafe_code)]

/// Notes, shared.
#[simplenet::channel(schema = "schemas/notes.ron")]
pub mod notes {}

fn main() {}
