//! Generated code is documented and compiles without warnings.

#![deny(missing_docs, missing_debug_implementations, unreachable_pub, unused, warnings)]
#![forbid(unsafe_code)]

/// The channel `notes`.
#[simplenet::channel(schema = "schemas/notes.ron")]
pub mod notes {}

fn main() {}
