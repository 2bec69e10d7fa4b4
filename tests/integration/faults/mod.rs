//! Faults of the network and of user code, on real sockets. The promises of ARCHITECTURE.md hold,
//! no task of the crate panics, and clients reconnect.

mod buffered;
mod cut;
mod flipped;
mod frozen;
mod panics;
mod scripted_session;
mod serde_panics;
mod slow;
