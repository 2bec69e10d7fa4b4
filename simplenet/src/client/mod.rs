//! The client: its handle, the task that keeps it connected, its requests and its events.

mod blocking;
mod builder;
mod config;
mod connection;
mod death;
mod events;
mod handle;
mod requests;
mod shared;
mod state;

#[cfg(not(target_arch = "wasm32"))]
pub use blocking::StillClosing;
pub use builder::ClientBuilder;
pub use config::ClientConfig;
pub use death::DeathReason;
pub use events::{ClientEvent, ClientReport};
pub use handle::{Client, ClientHandle};
#[cfg(all(test, feature = "server"))]
pub(crate) use requests::Frame;
pub use requests::{Call, CallError, MessageSignal, MessageStatus, RequestSignal, RequestStatus};
pub use state::{ClientState, NotConnected};
