//! Limits on what may be queued for a peer or for the application.

mod blocked_peers;
mod frames;
mod memory;
