//! The schema of a simplenet channel: its model, its canonical form, its protocol hash, and the
//! difference between two schemas.
//!
//! `simplenet-codegen` builds a [`RawSchema`] from a schema file, and [`canonical::read`] builds
//! one from the text that a peer sent. [`Schema::new`] validates a raw schema, so a [`Schema`] is
//! always valid.

pub mod canonical;
mod cycles;
mod diff;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod hash;
mod model;
mod names;
mod properties;
mod reachable;
mod rules;
mod type_expression;

pub use diff::{Change, Class, Direction, MAX_CHANGES, Use, diff};
pub use error::{Item, Location, SchemaError, Step, Violation};
pub use hash::protocol_hash;
pub use model::{Declaration, External, Field, Fields, RawSchema, Request, Schema, Shape, Variant};
pub use rules::{MAX_ARRAY_LENGTH, MAX_DEPTH, MAX_NAME_LENGTH, MAX_TUPLE_LENGTH};
pub use type_expression::{Primitive, Type};

/// The version of the wire format, which is the layout of frames. The canonical form contains it.
pub const WIRE_VERSION: u16 = 1;

/// The name of the payload codec and its configuration. The canonical form contains it.
pub const CODEC: &str = "bincode 2, little endian, variable integers";
