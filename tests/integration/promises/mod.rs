//! The promises, over real sockets: one test or more for each, with the promise in its name.

mod answers;
mod backpressure;
mod calls;
mod ends;
mod lifecycle;
mod liveness;
mod ordering;
mod runtimes;
mod sending;
mod shutdown;
