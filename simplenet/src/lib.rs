//! A typed, bi-directional client/server channel over WebSockets.
//!
//! A channel is declared once: which messages and requests a client may send, which response belongs to which request,
//! which messages a server may send. [`channel`](macro@channel) generates the types from that, and a protocol hash with
//! which two programs make sure that they mean the same. What does not fit the schema does not compile.
//!
//! - A [`Server`] listens, accepts clients and gives the application one queue of [`ServerEvent`]s; or it hands them to a
//!   service, see [`ServerBuilder::service`].
//! - A [`Client`] connects, and connects again, and gives the application its [`ClientEvent`]s. Requests end as events,
//!   or as the result of a [`Call`].
//! - Sending never blocks. Every queue is bounded; what becomes of a message can be asked.
//!
//! Both work in async code by `recv().await`, and in a frame loop by `next()`, which never waits. Without a tokio runtime
//! around them they bring their own. On `wasm32-unknown-unknown` a client connects through the browser's WebSocket, and runs
//! between the events of its page; a server serves its own page there, in memory.
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `client` | yes | [`Client`] |
//! | `server` | yes | [`Server`] |
//! | `auth` | with `server` | tokens and their keys, for a login service |
//! | `tls-rustls` | yes | `wss://` by rustls, on both sides |
//! | `tls-openssl` | no | `wss://` by the system's OpenSSL, for servers |
//! | `axum` | no | a [`Server`] behind a route of an axum application |
//! | `bevy` | no | both are resources of Bevy |

#![cfg_attr(
    all(feature = "server", not(feature = "client"), target_arch = "wasm32"),
    expect(dead_code, reason = "a server in a page has no clients but those of the page")
)]

#[cfg(any(feature = "client", feature = "auth"))]
mod auth;
#[cfg(feature = "_session")]
mod backpressure;
mod channel;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "_session")]
mod driver;
mod env;
#[cfg(feature = "_session")]
mod event_queue;
#[cfg(any(test, fuzzing))]
#[cfg(all(feature = "client", feature = "server"))]
#[doc(hidden)]
pub mod fuzzing;
mod id;
#[cfg(feature = "_session")]
#[doc(hidden)]
pub mod net;
#[cfg(feature = "server")]
#[cfg_attr(
    all(target_arch = "wasm32", not(test)),
    expect(dead_code, reason = "a page cannot listen")
)]
mod origin;
#[cfg(feature = "server")]
mod outcome;
mod protocol;
#[cfg(feature = "_session")]
mod request_id;
#[cfg(feature = "_session")]
mod runtime;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "_session")]
mod session;
#[cfg(any(feature = "client", feature = "auth"))]
mod sync;
#[cfg(feature = "_session")]
mod text;
#[cfg(feature = "_session")]
mod time;
#[cfg(feature = "_session")]
mod tls;
#[cfg(feature = "_session")]
mod transport;
#[cfg(any(feature = "client", feature = "auth"))]
mod wall_clock;
#[cfg(feature = "_session")]
#[doc(hidden)]
pub mod wire;

/// The attribute of tests that run on every platform.
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) use core::prelude::v1::test;
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(feature = "_session")]
pub use auth::Secret;
#[cfg(feature = "server")]
pub use auth::{
    AuthAttempt, AuthCredentials, AuthRefusal, Authenticate, Authenticator, CustomAuthenticator,
};
#[cfg(feature = "auth")]
pub use auth::{
    AuthIdentity, AuthSigningKey, AuthTokenBuilder, AuthVerifyingKey, KeyError, Revocations,
    TokenRefusal, TokenVerifier, generate_auth_token_keys, make_auth_token_from_expiry,
    make_auth_token_from_lifetime,
};
#[cfg(feature = "client")]
pub use auth::{AuthProvider, AuthRequest, FreshToken};
#[cfg(any(feature = "client", feature = "auth"))]
pub use auth::{AuthToken, KeyId, TokenError, TokenId};
pub use bytes::Bytes;
#[cfg(feature = "server")]
pub use channel::RawToken;
pub use channel::{ChannelPack, ClientMessage, Request, ServerMessage, assert_same_protocol};
#[cfg(feature = "client")]
pub use client::{
    Call, CallError, Client, ClientBuilder, ClientConfig, ClientEvent, ClientHandle, ClientReport,
    ClientState, DeathReason, MessageSignal, MessageStatus, NotConnected, RequestSignal,
    RequestStatus,
};
pub use env::EnvType;
pub use id::ClientId;
/// The OpenSSL whose acceptors are taken ready-made.
#[cfg(feature = "tls-openssl")]
pub use openssl;
#[cfg(feature = "server")]
pub use origin::{AllowedOrigins, OriginError, OriginPattern};
#[cfg(feature = "server")]
pub use outcome::{BroadcastOutcome, SendOutcome};
pub use protocol::Protocol;
#[cfg(feature = "_session")]
pub use request_id::RequestId;
#[cfg(feature = "server")]
pub use server::{
    BindError, DuplicateId, Peer, Reply, RequestToken, Server, ServerBuilder, ServerConfig,
    ServerEvent, ServerHandle, ServerReport, Serves, ServiceContext, Serving, ShutdownReport,
};
#[cfg(feature = "client")]
pub use session::SendError;
#[cfg(feature = "server")]
pub use session::{RateExcess, RateLimitConfig, SlowConsumer};
/// ```
/// use simplenet::ChannelPack;
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[request(Result<Said, Muted>)]
///     pub struct Say { pub text: String }
///     pub struct Said(pub u64);
///     pub struct Muted;
///     #[server_message]
///     pub struct Posted { pub from: String, pub text: String }
/// }
///
/// assert_eq!(chat::Chat::PROTOCOL.name(), "chat");
/// let posted = chat::ServerMsg::from(chat::Posted { from: "ann".into(), text: "hello".into() });
/// assert_eq!(posted, posted.clone());
/// ```
pub use simplenet_macros::channel;
pub use simplenet_macros::types;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub use tls::AcceptorConfig;
#[cfg(all(feature = "client", feature = "tls-rustls", not(target_arch = "wasm32")))]
pub use tls::ClientTls;
#[cfg(all(feature = "tls-openssl", not(target_arch = "wasm32")))]
pub use tls::OpensslAcceptor;
#[cfg(all(feature = "server", feature = "tls-rustls", not(target_arch = "wasm32")))]
pub use tls::RustlsAcceptor;
#[cfg(all(
    feature = "server",
    any(feature = "tls-rustls", feature = "tls-openssl"),
    not(target_arch = "wasm32")
))]
pub use tls::ServerTls;
#[cfg(feature = "_session")]
pub use tls::TlsFailure;
#[cfg(feature = "server")]
pub use tls::TlsIdentity;
#[cfg(all(
    feature = "_session",
    any(feature = "tls-rustls", feature = "tls-openssl"),
    not(target_arch = "wasm32")
))]
pub use tls::{Certificates, PrivateKey, TlsError};
/// The rustls whose configurations are taken ready-made.
#[cfg(all(feature = "_session", feature = "tls-rustls", not(target_arch = "wasm32")))]
pub use tokio_rustls::rustls;
#[cfg(feature = "client")]
pub use transport::ConnectError;
#[cfg(all(feature = "client", feature = "server"))]
pub use transport::MemoryConnector;
#[cfg(feature = "_session")]
pub use url::Url;
#[cfg(feature = "_session")]
pub use wire::{ChangeLevel, CloseReason, OlderSide, ProtocolChange, ProtocolMismatch};

/// Includes the channel that a build script has generated, by the name of its schema's file.
///
/// The build script calls `simplenet_codegen::build("../schemas/chat.ron")`; what is included is the module `chat`, the same
/// that [`#[channel]`](macro@channel) would generate.
///
/// ```text
/// simplenet::include_channel!("chat");
/// ```
#[macro_export]
macro_rules! include_channel {
    ($schema:literal) => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/", $schema, ".rs"));
    };
}

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
