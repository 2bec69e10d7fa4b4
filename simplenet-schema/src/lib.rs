//! What a channel is: its model, the canonical text that stands for it, the hash of that text, and how two of them
//! differ.
//!
//! A [`Schema`] is built from [`Parts`], either by `simplenet-codegen` from a schema file or by [`canonical::read`]
//! from the text that a peer sent. Both go through [`Schema::new`], so a `Schema` always keeps the rules.

pub mod canonical;
mod closure;
mod cycles;
mod diff;
mod error;
mod facts;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod hash;
mod model;
mod names;
mod rules;
mod type_expression;

pub use diff::{Change, Level, MAX_CHANGES, diff};
pub use error::{Item, Location, SchemaError, Step, Violation};
pub use hash::protocol_hash;
pub use model::{Declaration, External, Field, Fields, Parts, Request, Schema, Shape, Variant};
pub use rules::{MAX_ARRAY_LENGTH, MAX_DEPTH, MAX_NAME_LENGTH, MAX_TUPLE_LENGTH};
pub use type_expression::{Primitive, Type};

/// The version of the wire that the canonical form speaks for: what frames look like, not what they carry.
pub const WIRE_VERSION: u16 = 1;

/// The codec of payloads and its configuration, as the canonical form names it.
pub const CODEC: &str = "bincode 2, little endian, variable integers";
