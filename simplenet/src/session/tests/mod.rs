//! Tests of the rules of a session: a client's and a server's session, connected by hand under a
//! virtual clock.

#![allow(clippy::expect_used, reason = "tests fail by panics")]

mod interleavings;
mod limits;
mod liveness;
mod order;
mod pair;
mod requests;
mod tokens;
