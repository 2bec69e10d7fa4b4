//! The server's side: a handle, the sessions behind it, and the one queue of events in front.

mod accept;
mod admitted;
#[cfg(feature = "axum")]
mod axum;
mod bind;
mod builder;
mod config;
mod connection;
mod events;
mod explain;
mod fresh_tokens;
mod handle;
mod handshake;
mod identify;
mod inbox;
mod intake;
mod listener;
#[cfg(all(feature = "client", feature = "server"))]
mod memory;
#[cfg_attr(
    all(target_arch = "wasm32", not(test)),
    expect(dead_code, reason = "a page cannot listen")
)]
pub(crate) mod origin;
mod per_ip;
mod policy;
mod registry;
mod remote_client;
mod request_token;
mod service;
mod shared;
mod shutdown;
mod taken;

pub use builder::{BindError, ServerBuilder};
pub use config::ServerConfig;
pub use events::{Peer, ServerEvent, ServerReport};
pub use handle::{Server, ServerHandle};
#[cfg(all(feature = "client", feature = "server"))]
pub use memory::MemoryConnector;
pub use origin::{AllowedOrigins, OriginError, OriginPattern};
pub use policy::DuplicateId;
pub use request_token::{RawToken, RequestToken};
pub use service::{Reply, Serves, ServiceContext};
pub use shared::BroadcastOutcome;
pub use shutdown::ShutdownReport;

use shared::Shared;
