use std::time::Duration;

use super::sessions::DuplicateId;
use crate::{
    origin::AllowedOrigins,
    session::{Heartbeat, RateLimitConfig, ServerSessionLimits, SlowConsumer},
};

/// The limits and times of a server. Every field has a default that suits a public server.
///
/// ```
/// use simplenet::{MessageStatus, ServerConfig};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[client_message]
///     pub struct Say(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = ServerConfig { max_msg_size: 1000, ..ServerConfig::default() };
/// assert_eq!(config.outbox_bytes, 4 * 1024 * 1024, "the default");
///
/// let (_server, connector) = chat::Server::builder().config(config).bind_memory()?;
/// let mut client = chat::Client::in_memory(&connector).connect(());
/// client.recv().await; // `Connected`
/// let signal = client.send(chat::Say("x".repeat(1000)));
/// assert_eq!(signal.status(), MessageStatus::Failed, "larger than max_msg_size");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The maximum number of concurrent sessions. Further clients are refused with
    /// [`ServerFull`](crate::CloseReason::ServerFull) and may retry. Default: 10,000.
    pub max_connections: usize,
    /// The maximum number of pending connections: accepted from the network, but not authenticated
    /// yet. Further ones wait in the queue of the operating system. Behind a route of axum, as many
    /// again may wait, up to 1,024, and further requests are answered 503. Default: 1,000.
    pub max_pending: usize,
    /// The maximum number of connections from one IPv4 address, or from one IPv6 network of 64
    /// bits. Further ones are closed at once. Not useful behind a proxy, where all clients share
    /// its address. Default: `None`, no limit.
    pub max_connections_per_ip: Option<usize>,
    /// The time that a client waits before it reconnects, after it was refused by a full server or
    /// closed by a shutdown. At most about 49 days. Clients add their own backoff. Default: `None`,
    /// only the backoff.
    pub retry_after: Option<Duration>,
    /// The origins whose web pages may connect. Default: [`AllowedOrigins::Any`].
    pub allowed_origins: AllowedOrigins,
    /// The treatment of a client that connects under an id that is in use. Default:
    /// [`DuplicateId::Reject`].
    pub duplicate_id: DuplicateId,
    /// The largest message, request or answer in both directions, in bytes. The header of a larger
    /// one ends the session. Default: 1 MiB.
    ///
    /// Memory for a whole frame is reserved when its header arrives, so each accepted client can
    /// occupy this much with a few bytes. A pending connection can occupy 64 KiB, whatever the
    /// limit is.
    pub max_msg_size: usize,
    /// The maximum number of unanswered requests of one client. Clients receive the limit and
    /// comply with it. A client that exceeds it is closed. Default: 1,024.
    pub max_in_flight: usize,
    /// The time limit from the first byte of a connection to the acceptance of its client. Default:
    /// 10 s.
    pub auth_timeout: Duration,
    /// Whether a session ends when the credentials of its client expire, such as a token, unless
    /// the client has sent a fresh token. Expired credentials are always refused at connect.
    /// Default: true.
    pub enforce_expiry: bool,
    /// The maximum rate of one client's messages and requests. Default: `None`, no limit.
    pub rate_limit_config: Option<RateLimitConfig>,
    /// The maximum size of the messages that wait to be written to one peer, in bytes. Each message
    /// counts 64 bytes more. One message always fits. Default: 4 MiB.
    pub outbox_bytes: usize,
    /// The treatment of a client whose outbox is full. Default: [`SlowConsumer::Disconnect`].
    pub slow_consumer: SlowConsumer,
    /// The maximum weight of the events that the application has not received. Default: 65,536.
    ///
    /// An event weighs one, plus one for each KiB of its bytes or of its memory, whichever is
    /// larger. The sessions share the weight evenly, with at least one each. A session that has
    /// used its share is not read from, and no client is accepted while all of it is used. No event
    /// is lost.
    pub inbox_events: usize,
    /// The time between two heartbeats of one side, at most a third of `keepalive_timeout`. Clients
    /// receive it. Default: 10 s.
    pub heartbeat_interval: Duration,
    /// The silence after which the peer is considered dead. Clients receive it. Default: 30 s.
    pub keepalive_timeout: Duration,
    /// The time limit from the first byte of a message to its last. Default: 30 s.
    pub message_timeout: Duration,
    /// Whether a client with another schema receives the differences, if the server can determine
    /// them, which it always can for debug builds of the client. The server always logs them, at
    /// `debug`. Default: true in debug builds.
    pub explain_mismatch: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            max_pending: 1_000,
            max_connections_per_ip: None,
            retry_after: None,
            allowed_origins: AllowedOrigins::default(),
            duplicate_id: DuplicateId::default(),
            max_msg_size: 1024 * 1024,
            max_in_flight: 1024,
            auth_timeout: Duration::from_secs(10),
            enforce_expiry: true,
            rate_limit_config: None,
            outbox_bytes: 4 * 1024 * 1024,
            slow_consumer: SlowConsumer::default(),
            inbox_events: 65_536,
            heartbeat_interval: Duration::from_secs(10),
            keepalive_timeout: Duration::from_secs(30),
            message_timeout: Duration::from_secs(30),
            explain_mismatch: cfg!(debug_assertions),
        }
    }
}

impl ServerConfig {
    pub(crate) fn session_limits(&self) -> ServerSessionLimits {
        ServerSessionLimits {
            outbox_bytes: self.outbox_bytes,
            max_msg_size: self.max_msg_size,
            max_in_flight: self.max_in_flight,
            heartbeat: self.heartbeat(),
            slow_consumer: self.slow_consumer,
            rate: self.rate_limit_config,
        }
    }

    pub(crate) fn heartbeat(&self) -> Heartbeat {
        Heartbeat::new(self.heartbeat_interval, self.keepalive_timeout, self.message_timeout)
    }
}
