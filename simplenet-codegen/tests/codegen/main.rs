//! What code generation promises, held against its public surface.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails where it stands")]

mod diagnostics;
mod expansion;
mod files;
mod hostile;
mod includes;
mod inline;
mod shared;
mod stub;
