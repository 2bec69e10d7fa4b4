//! Integration tests: real servers and clients, in one binary.

mod compile_fail;
mod hostile;
mod promises;
mod schemas;
