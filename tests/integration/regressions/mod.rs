//! What was once broken, and must not be again.

mod bounds;
mod clogged;
mod panics;
mod runtimes;
mod secrets;
mod shutdown;
mod silence;
mod weights;
