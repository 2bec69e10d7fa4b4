//! The server: its handles, the acceptance of connections, its sessions and their events.

mod accept;
mod builder;
mod config;
mod events;
mod handle;
mod service;
mod sessions;
mod shared;

pub use builder::{BindError, ServerBuilder};
pub use config::ServerConfig;
pub use events::{Peer, ServerEvent, ServerReport};
pub use handle::{Server, ServerHandle};
pub use service::{Reply, Serves, ServiceContext, Serving};
pub use sessions::{DuplicateId, ReceivedRequest, RequestToken, ShutdownReport};
