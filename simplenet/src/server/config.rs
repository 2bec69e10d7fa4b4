use std::time::Duration;

use super::sessions::DuplicateId;
use crate::{
    origin::AllowedOrigins,
    session::{Heartbeat, RateLimitConfig, ServerSessionLimits, SlowConsumer},
};

/// The limits and times of a server. Every field has a default that suits a public server.
///
/// ```
/// use simplenet::{MessageStatus, SendError, ServerConfig};
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
/// assert_eq!(signal.status(), MessageStatus::Failed(SendError::TooLarge));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The maximum number of concurrent sessions. Further clients are refused with
    /// [`ServerFull`](crate::CloseReason::ServerFull) and may retry. Default: 10,000.
    pub max_connections: usize,
    /// The maximum number of pending connections. The server has accepted them from the network,
    /// but has not authenticated their clients yet. Further connections wait in the queue of the
    /// operating system. Behind a route of axum, up to `max_pending` further connections wait, but
    /// at most 1,024. Beyond that, the route answers requests with status 503. Default: 1,000.
    pub max_pending: usize,
    /// The maximum number of connections from one IPv4 address, or from one IPv6 network with a
    /// prefix of 64 bits. Further connections are closed at once. Not useful behind a proxy,
    /// because all clients then have the proxy's address. Default: `None`, no limit.
    pub max_connections_per_ip: Option<usize>,
    /// The time that a client must wait before it reconnects, if the server was full or has shut
    /// down. At most about 49 days. Clients add their own backoff to this time. Default: `None`,
    /// only the backoff.
    pub retry_after: Option<Duration>,
    /// The origins whose web pages may connect. Default: [`AllowedOrigins::Any`].
    pub allowed_origins: AllowedOrigins,
    /// The treatment of a new client whose id is already in use. Default: [`DuplicateId::Reject`].
    pub duplicate_id: DuplicateId,
    /// The maximum size of a message, request or answer in either direction, in bytes. A client may
    /// accept less, see [`ClientConfig::max_msg_size`](crate::ClientConfig::max_msg_size). A larger
    /// frame from a client ends its session. Default: 1 MiB.
    ///
    /// Small frames arrive together in WebSocket messages of up to 16 KiB. Memory for a whole
    /// message is reserved when its header arrives, while the message before it may still be held.
    /// So each accepted client can occupy 32 KiB, or twice `max_msg_size` bytes if that is more. A
    /// pending connection can occupy 64 KiB, whatever this limit is.
    pub max_msg_size: usize,
    /// The maximum number of unanswered requests of one client. Clients receive the limit and
    /// comply with it. A client that exceeds it is closed. Default: 1,024.
    pub max_in_flight: usize,
    /// The time limit from the start of a connection until its client is accepted. Default: 10 s.
    pub auth_timeout: Duration,
    /// Whether a session ends when the client's credentials, such as a token, expire. A client can
    /// prolong its session by sending a fresh token. Whatever this setting is, a client that
    /// connects with expired credentials is refused. Default: true.
    pub enforce_expiry: bool,
    /// The maximum rate of one client's messages and requests. Default: `None`, no limit.
    pub rate_limit_config: Option<RateLimitConfig>,
    /// The maximum size in bytes of the messages that wait to be written to one peer. Each message
    /// counts 64 bytes more than its size. If no other message waits, a message of any size fits.
    /// Default: 4 MiB.
    pub outbox_bytes: usize,
    /// The treatment of a client whose outbox is full. Default: [`SlowConsumer::Disconnect`].
    pub slow_consumer: SlowConsumer,
    /// The maximum weight of the events that the application has not received. Default: 65,536.
    ///
    /// An event weighs one, plus one for each KiB of its encoded size or of its size in memory,
    /// whichever is larger. A session may hold as much weight as is free, and at least one batch.
    /// The server does not read from a session that holds more. So sessions that send faster than
    /// the application receives leave space for the others. The reports of sessions have the same
    /// maximum weight of their own. While they reach it, the server accepts no client. No event is
    /// lost.
    pub inbox_events: usize,
    /// The time between two heartbeats that one side sends, at most a third of `keepalive_timeout`.
    /// The server sends this setting to its clients. Default: 10 s.
    pub heartbeat_interval: Duration,
    /// The duration of silence after which a peer is considered dead. The server sends this setting
    /// to its clients. Default: 30 s.
    pub keepalive_timeout: Duration,
    /// The time limit from the first byte of a message to its last byte. Default: 30 s.
    pub message_timeout: Duration,
    /// Whether a client with a different schema receives the differences. The server can always
    /// determine the differences if the client is a debug build. The server logs them in any case,
    /// at the level `debug`. Default: true in debug builds.
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
    /// Returns the limits of a session. `accepted_size` is the size of the longest frame that the
    /// client accepts, if the client has stated it.
    pub(crate) fn session_limits(&self, accepted_size: Option<usize>) -> ServerSessionLimits {
        ServerSessionLimits {
            outbox_bytes: self.outbox_bytes,
            max_incoming: self.max_msg_size,
            max_outgoing: accepted_size.unwrap_or(usize::MAX).min(self.max_msg_size),
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
