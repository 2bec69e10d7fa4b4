//! Limits on the queues for a peer and for the application.

mod blocked_peers;
mod frames;
mod greeting;
mod memory;
