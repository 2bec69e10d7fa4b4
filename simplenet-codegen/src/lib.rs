//! Generates Rust code from a simplenet schema, for the `#[channel]` macro and for build scripts.
//!
//! 1. `source` parses a schema file or a module into an AST.
//! 2. `resolve` finds the meaning of every name and validates the result. It returns the
//!    [`Schema`](simplenet_schema::Schema), and an intermediate representation with docs and
//!    derives.
//! 3. `generate` generates the code.
//!
//! All functions are pure functions of texts and tokens, except for [`build`]. The caller of a
//! [`Compiler`] supplies the function that reads files.

#[cfg(feature = "build")]
mod build_script;
mod diagnostics;
#[cfg(feature = "build")]
mod format;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod generate;
mod ir;
mod names;
mod resolve;
mod source;

#[cfg(feature = "build")]
pub use build_script::build;
pub use diagnostics::Report;
#[cfg(feature = "build")]
pub use format::format_code;
pub use generate::{Module, generate, generate_stub, generate_types, generate_types_stub};
pub use ir::{Channel, SharedTypes};
pub use resolve::{Compiled, Compiler, Failure, TypesModule};
pub use source::inline::Inline;
