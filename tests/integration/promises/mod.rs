//! The promises over real sockets. The name of a test begins with its promise if that has a number,
//! such as `s5_`.

mod answers;
mod backpressure;
mod calls;
mod ends;
mod lifecycle;
mod liveness;
mod ordering;
mod retrying;
mod runtimes;
mod sending;
mod shutdown;
