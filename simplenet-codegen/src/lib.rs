//! From a schema to Rust code: for the `#[channel]` macro, for build scripts and for the `simplenet` command.
//!
//! The way is always the same: a *source* is read into a mirror of what is written there, the mirror is *resolved* into
//! a [`Schema`](simplenet_schema::Schema) and an outline that also knows docs and derives, and from that the code is
//! *generated*. Everything here is a pure function over texts and tokens; whoever makes a [`Compiler`] says how files
//! are read. Only [`build`] reads and writes by itself.

#[cfg(feature = "build")]
mod build_script;
mod diagnostics;
#[cfg(feature = "build")]
mod format;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod generate;
mod names;
mod resolve;
mod source;

#[cfg(feature = "build")]
pub use build_script::build;
use diagnostics::Diagnostic;
pub use diagnostics::Report;
#[cfg(feature = "build")]
pub use format::format_code;
pub use generate::{Module, generate, generate_stub, generate_types, generate_types_stub};
pub use resolve::{Channel, Compiled, Compiler, Failure, Outline, SharedTypes, TypesModule};
pub use source::inline::Inline;
