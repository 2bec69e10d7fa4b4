//! The promises over real sockets. If a promise has a number, such as S5, the names of its tests
//! begin with the number, such as `s5_`.

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
mod turns;
