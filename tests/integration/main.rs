//! Integration tests: real servers and clients, in one binary.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed precondition fails the test at its place"
)]

mod addresses;
mod auth;
#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "bevy")]
mod bevy;
mod build_script;
mod compile_fail;
mod external_types;
mod faults;
mod hostile;
mod inline;
mod layers;
mod limits;
mod log_lines;
mod origins;
#[cfg(target_os = "linux")]
mod processes;
mod promises;
mod schemas;
mod services;
mod shared_types;
mod tls;
