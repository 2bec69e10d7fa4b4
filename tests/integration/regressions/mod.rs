//! What was once broken, and must not be again.

mod bounds;
mod clogged;
mod panics;
mod runtimes;
mod shutdown;
mod silence;
