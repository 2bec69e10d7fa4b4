//! The promises, over real sockets: one test or more for each, named after it.

mod answers;
mod backpressure;
mod brackets;
mod calls;
mod ends;
mod lifecycle;
mod sending;
