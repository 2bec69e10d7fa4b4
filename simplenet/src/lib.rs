//! A typed, bi-directional client/server channel over WebSockets.
//!
//! A channel is declared once: the messages and requests of its clients, the response to each
//! request, and the messages of its server. The macro [`channel`](macro@channel) generates the
//! types of both sides and a protocol hash from the declaration. A message that is not part of the
//! channel does not compile. A server refuses clients that were built from another declaration.
//!
//! ```
//! use simplenet::ClientReport;
//!
//! #[simplenet::channel]
//! pub mod chat {
//!     /// A client posts a line; the server responds with the number of the line.
//!     #[request(Number)]
//!     pub struct Post { pub text: String }
//!     pub struct Number(pub u64);
//!
//!     #[server_message]
//!     pub struct Posted { pub text: String }
//! }
//! use chat::{
//!     Client, ClientEvent, IncomingRequest, Number, Post, Posted, Server, ServerEvent, ServerMsg,
//!     ServerResponse,
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Over memory, as in a test.
//! // Over sockets, use `.bind("127.0.0.1:9000")` and `Client::builder(url)`.
//! let (mut server, connector) = Server::builder().bind_memory()?;
//! let mut client = Client::in_memory(&connector).connect(());
//!
//! tokio::spawn(async move {
//!     while let Some((_id, event)) = server.recv().await {
//!         if let ServerEvent::Request(IncomingRequest::Post(post, token)) = event {
//!             server.broadcast(Posted { text: post.text });
//!             token.respond(Number(1));
//!         }
//!     }
//! });
//!
//! let mut lines = Vec::new();
//! while let Some(event) = client.recv().await {
//!     match event {
//!         ClientEvent::Report(ClientReport::Connected) => {
//!             client.request(Post { text: "hello".into() });
//!         }
//!         ClientEvent::Msg(ServerMsg::Posted(posted)) => lines.push(posted.text),
//!         ClientEvent::Response(ServerResponse::Post(Number(number)), _) => {
//!             assert_eq!((number, &lines[..]), (1, &["hello".to_owned()][..]));
//!             break;
//!         }
//!         other => panic!("unexpected: {other:?}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - A [`Server`] accepts clients and queues their [`ServerEvent`]s for the application. A
//!   [service](ServerBuilder::service) handles the events in its methods instead.
//! - A [`Client`] connects, reconnects, and queues its [`ClientEvent`]s. The answer to a request is
//!   an event, or the result of a [`Call`].
//! - Sending never blocks. Every queue is bounded, and each message has a status: see
//!   [`MessageSignal`] and [`RequestSignal`].
//!
//! Async code receives events by `recv().await`; a frame loop receives them by `next()`, which
//! never blocks. Clients and servers that are created outside of a tokio runtime share a background
//! runtime. On `wasm32-unknown-unknown`, a client connects through the WebSocket of the browser,
//! and its tasks run in the event loop of the page. A server there can only serve clients in the
//! same page, in memory.
//!
//! | feature | default | content |
//! |---|---|---|
//! | `client` | yes | [`Client`] |
//! | `server` | yes | [`Server`] |
//! | `auth` | with `server` | tokens and their keys, for a login service |
//! | `tls-rustls` | yes | `wss://` by rustls, for clients and servers |
//! | `tls-openssl` | no | `wss://` by the OpenSSL of the system, for servers |
//! | `axum` | no | a [`Server`] behind a route of an axum application |
//! | `bevy` | no | [`Client`] and [`Server`] as resources of Bevy |

#![cfg_attr(
    all(feature = "server", not(feature = "client"), target_arch = "wasm32"),
    expect(dead_code, reason = "a server in a page without a client has no connections")
)]

use cfg_if::cfg_if;

mod channel;
mod env;
mod id;
mod protocol;

pub use bytes::Bytes;
pub use channel::{ChannelPack, ClientMessage, Request, ServerMessage, assert_same_protocol};
pub use env::EnvType;
pub use id::ClientId;
pub use protocol::Protocol;
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

cfg_if! {
    if #[cfg(any(feature = "client", feature = "auth"))] {
        mod auth;
        mod sync;
        mod wall_clock;

        pub use auth::{AuthToken, KeyId, TokenError, TokenId};
    }
}

cfg_if! {
    if #[cfg(feature = "auth")] {
        pub use auth::{
            AuthIdentity, AuthSigningKey, AuthTokenBuilder, AuthVerifyingKey, KeyError, Revocations,
            TokenRefusal, TokenVerifier, generate_auth_token_keys, make_auth_token_from_expiry,
            make_auth_token_from_lifetime,
        };
    }
}

// The layers below client and server. Both features enable `_session`.
cfg_if! {
    if #[cfg(feature = "_session")] {
        mod backpressure;
        mod driver;
        mod event_queue;
        #[doc(hidden)]
        pub mod net;
        mod request_id;
        mod runtime;
        mod server_url;
        mod session;
        mod text;
        mod time;
        mod tls;
        mod transport;
        #[doc(hidden)]
        pub mod wire;
        mod wire_safe;

        pub use auth::Secret;
        pub use request_id::RequestId;
        pub use tls::TlsFailure;
        pub use url::Url;
        pub use wire::{
            ChangeClass, ChangeDirection, ChangeUse, CloseReason, OlderSide, ProtocolChange,
            ProtocolMismatch,
        };
        pub use wire_safe::assert_wire_safe;
    }
}

cfg_if! {
    if #[cfg(feature = "client")] {
        mod client;

        pub use auth::{AuthProvider, AuthRequest, FreshToken};
        #[cfg(not(target_arch = "wasm32"))]
        pub use client::StillClosing;
        pub use client::{
            Call, CallError, Client, ClientBuilder, ClientConfig, ClientEvent, ClientHandle,
            ClientReport, ClientState, DeathReason, MessageSignal, MessageStatus, NotConnected,
            RequestSignal, RequestStatus,
        };
        pub use session::SendError;
        pub use transport::{ConnectError, ConnectStep, HandshakeFailure, HttpRefusal};
    }
}

cfg_if! {
    if #[cfg(feature = "server")] {
        #[cfg_attr(
            all(target_arch = "wasm32", not(test)),
            expect(dead_code, reason = "a page cannot listen")
        )]
        mod origin;
        mod outcome;
        mod server;

        pub use auth::{
            AuthAttempt, AuthCredentials, AuthRefusal, Authenticate, Authenticator,
            CustomAuthenticator,
        };
        pub use channel::RawToken;
        pub use origin::{AllowedOrigins, OriginError, OriginPattern};
        pub use outcome::{BroadcastOutcome, SendOutcome};
        pub use server::{
            BindError, DuplicateId, Peer, ReceivedRequest, Reply, RequestToken, Server, ServerBuilder, ServerConfig,
            ServerEvent, ServerHandle, ServerReport, Serves, ServiceContext, Serving,
            ShutdownReport,
        };
        pub use session::{RateExcess, RateLimitConfig, SlowConsumer};
        pub use tls::TlsIdentity;
    }
}

cfg_if! {
    if #[cfg(all(feature = "client", feature = "server"))] {
        #[cfg(any(test, fuzzing))]
        #[doc(hidden)]
        pub mod fuzzing;

        pub use transport::MemoryConnector;
    }
}

// TLS settings. In a browser, the browser itself does TLS.
cfg_if! {
    if #[cfg(all(feature = "server", not(target_arch = "wasm32")))] {
        pub use tls::AcceptorConfig;
    }
}

cfg_if! {
    if #[cfg(all(feature = "tls-rustls", not(target_arch = "wasm32")))] {
        #[cfg(feature = "client")]
        pub use tls::ClientTls;
        #[cfg(feature = "server")]
        pub use tls::RustlsAcceptor;
        /// The verifier that an Android app must initialize, see [`ClientTls`].
        #[cfg(all(feature = "client", target_os = "android"))]
        pub use rustls_platform_verifier;
        /// The version of rustls whose configurations the TLS settings accept.
        #[cfg(feature = "_session")]
        pub use tokio_rustls::rustls;
    }
}

cfg_if! {
    if #[cfg(all(feature = "tls-openssl", not(target_arch = "wasm32")))] {
        /// The version of OpenSSL whose acceptors the TLS settings accept.
        pub use openssl;
        pub use tls::OpensslAcceptor;
    }
}

cfg_if! {
    if #[cfg(all(
        any(feature = "tls-rustls", feature = "tls-openssl"),
        feature = "_session",
        not(target_arch = "wasm32")
    ))] {
        pub use tls::{Certificates, PrivateKey, TlsError};
        #[cfg(feature = "server")]
        pub use tls::ServerTls;
    }
}

#[cfg(all(test, any(feature = "_session", feature = "auth")))]
mod vectors;

/// The attribute of tests that run on every platform.
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) use core::prelude::v1::test;
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) use wasm_bindgen_test::wasm_bindgen_test as test;

/// Includes a channel that a build script has generated. The argument is the name of the schema
/// file without its extension.
///
/// In this example, the build script calls `simplenet_codegen::build("../schemas/chat.ron")`. The
/// included module `chat` equals the module that [`#[channel]`](macro@channel) generates from the
/// same file.
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

/// Items for generated code only. They are no part of the API.
#[doc(hidden)]
pub mod __private {
    pub use serde;

    #[cfg(feature = "_session")]
    pub use crate::wire::{Payloads, Shape};

    /// Expands to the items in a build with the feature `client` or `server`.
    #[cfg(feature = "_session")]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_session { ($($items:tt)*) => { $($items)* }; }
    /// Expands to nothing in a build without these features.
    #[cfg(not(feature = "_session"))]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_session {
        ($($items:tt)*) => {};
    }

    /// Expands to the items in a build with the feature `client`.
    #[cfg(feature = "client")]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_client { ($($items:tt)*) => { $($items)* }; }
    /// Expands to nothing in a build without the feature `client`.
    #[cfg(not(feature = "client"))]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_client {
        ($($items:tt)*) => {};
    }
    /// Expands to the items in a build with the feature `server`.
    #[cfg(feature = "server")]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_server { ($($items:tt)*) => { $($items)* }; }
    /// Expands to nothing in a build without the feature `server`.
    #[cfg(not(feature = "server"))]
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __if_server {
        ($($items:tt)*) => {};
    }

    pub use crate::{
        __if_client as if_client, __if_server as if_server, __if_session as if_session,
    };
}
