//! What networks do, on real sockets: the promises hold, nothing panics, and clients come back.

mod buffered;
mod cut;
mod flipped;
mod frozen;
mod panics;
mod script;
mod slow;
