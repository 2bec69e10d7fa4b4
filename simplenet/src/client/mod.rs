//! The client's side: a handle, the task that keeps it connected, and the events in order.

mod backoff;
mod builder;
mod call;
mod config;
mod connector;
mod credentials;
mod death;
mod events;
mod handle;
mod intake;
mod queue;
mod request;
mod shared;
mod signals;
mod state;
mod task;

pub use builder::ClientBuilder;
pub use call::{Call, CallError};
pub use config::ClientConfig;
pub(crate) use connector::Connector;
pub use death::{ConnectError, DeathReason};
pub use events::{ClientEvent, ClientReport};
pub use handle::{Client, ClientHandle};
pub use signals::{MessageSignal, MessageStatus, RequestSignal, RequestStatus};
pub use state::{ClientState, NotConnected};

use shared::Shared;
#[cfg(all(test, feature = "server"))]
pub(crate) use signals::Frame;
