//! Tests of the public API of the code generator.

#![expect(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod diagnostics;
mod expansion;
mod files;
mod hostile;
mod includes;
mod inline;
mod shared;
mod stub;
mod vectors;
