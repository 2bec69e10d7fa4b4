//! A typed, bi-directional client/server channel over WebSockets.

#[cfg(any(feature = "client", feature = "server"))]
mod auth;
mod channel;
#[cfg(feature = "client")]
mod client;
#[cfg(any(feature = "client", feature = "server"))]
mod driver;
mod env;
#[cfg(any(feature = "client", feature = "server"))]
mod gate;
mod id;
#[cfg(any(feature = "client", feature = "server"))]
#[doc(hidden)]
pub mod net;
#[cfg(feature = "server")]
mod outcome;
mod protocol;
#[cfg(any(feature = "client", feature = "server"))]
mod request_id;
#[cfg(any(feature = "client", feature = "server"))]
mod runtime;
#[cfg(feature = "server")]
mod server;
#[cfg(any(feature = "client", feature = "server"))]
mod session;
#[cfg(any(feature = "client", feature = "server"))]
mod sync;
#[cfg(any(feature = "client", feature = "server"))]
mod time;
#[cfg(any(feature = "client", feature = "server"))]
mod transport;
#[cfg(any(feature = "client", feature = "server"))]
mod wire;

#[cfg(feature = "client")]
pub use auth::AuthRequest;
#[cfg(feature = "server")]
pub use auth::Authenticator;
#[cfg(any(feature = "client", feature = "server"))]
pub use auth::Secret;
pub use bytes::Bytes;
pub use channel::{ChannelPack, ClientMessage, Request, ServerMessage};
#[cfg(feature = "client")]
pub use client::{
    Call, CallError, Client, ClientBuilder, ClientConfig, ClientEvent, ClientHandle, ClientReport,
    ClientState, ConnectError, DeathReason, MessageSignal, MessageStatus, NotConnected,
    RequestSignal, RequestStatus,
};
pub use env::EnvType;
pub use id::ClientId;
#[cfg(feature = "server")]
pub use outcome::SendOutcome;
pub use protocol::{Protocol, assert_same_protocol};
#[cfg(any(feature = "client", feature = "server"))]
pub use request_id::RequestId;
#[cfg(all(feature = "client", feature = "server"))]
pub use server::MemoryConnector;
#[cfg(feature = "server")]
pub use server::{
    AcceptorConfig, BindError, BroadcastOutcome, DuplicateId, Peer, RawToken, Reply, RequestToken,
    Server, ServerBuilder, ServerConfig, ServerEvent, ServerHandle, ServerReport, Serves,
    ServiceContext, ShutdownReport,
};
#[cfg(feature = "client")]
pub use session::SendError;
#[cfg(feature = "server")]
pub use session::{RateExcess, RateLimitConfig, SlowConsumer};
pub use simplenet_macros::channel;
pub use url::Url;
#[cfg(any(feature = "client", feature = "server"))]
pub use wire::{ChangeLevel, CloseReason, OlderSide, ProtocolChange, ProtocolMismatch};

/// What generated code refers to, and nobody else.
#[doc(hidden)]
pub mod __private {
    pub use serde;

    /// The items, in a build with the feature `client`.
    #[cfg(feature = "client")]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_client { ($($items:tt)*) => { $($items)* }; }
    /// Nothing, in a build without the feature `client`.
    #[cfg(not(feature = "client"))]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_client {
        ($($items:tt)*) => {};
    }
    /// The items, in a build with the feature `server`.
    #[cfg(feature = "server")]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_server { ($($items:tt)*) => { $($items)* }; }
    /// Nothing, in a build without the feature `server`.
    #[cfg(not(feature = "server"))]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_server {
        ($($items:tt)*) => {};
    }

    pub use crate::{__if_client as if_client, __if_server as if_server};
}
