use std::time::Duration;

use super::sessions::DuplicateId;
use crate::origin::AllowedOrigins;
use crate::session::{Heartbeat, RateLimitConfig, ServerSessionLimits, SlowConsumer};

/// The limits and times of a server. Every field has a default that suits a public server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// Sessions at a time; further clients are refused with
    /// [`ServerFull`](crate::CloseReason::ServerFull) and may retry. Default: 10,000.
    pub max_connections: usize,
    /// Connections at a time that are not accepted yet; further ones wait in the operating system's
    /// queue. By a route of axum, as many again may wait, up to 1,024; the rest are answered 503.
    /// Default: 1,000.
    pub max_pending: usize,
    /// Connections at a time from one IPv4 address or one IPv6 network of 64 bits; further ones are
    /// closed at once. Only for servers without a proxy in front, which makes all clients look like
    /// one. Default: `None`, no limit.
    pub max_connections_per_ip: Option<usize>,
    /// How long clients are asked to stay away that the server has no place for, or that it sends
    /// away as it shuts down; at most about 49 days. They add their own backoff. Default: `None`,
    /// their backoff alone.
    pub retry_after: Option<Duration>,
    /// Which web pages may connect. Default: [`AllowedOrigins::Any`].
    pub allowed_origins: AllowedOrigins,
    /// What happens when a client connects under an id that is taken. Default:
    /// [`DuplicateId::Reject`].
    pub duplicate_id: DuplicateId,
    /// Bytes of the largest message, request or answer, in both directions; enforced by the header
    /// that announces one. A header within the limit has all that it announces reserved before any
    /// of it comes, so each accepted client can take so much with a few bytes; one that is not
    /// accepted yet, 64 KiB, whatever this is. Default: 1 MiB.
    pub max_msg_size: usize,
    /// Requests of one client that may wait for their answer at a time. Clients are told and hold
    /// themselves to it; one that does not is closed. Default: 1,024.
    pub max_in_flight: usize,
    /// From the first byte of a connection to its hello and its acceptance. Default: 10 s.
    pub auth_timeout: Duration,
    /// Whether a session ends when what its client has shown expires, such as a token, unless the
    /// client has sent a fresh one before. At connect, expiry counts in any case. Default: true.
    pub enforce_expiry: bool,
    /// How fast one client may send messages and requests. Default: `None`, no limit.
    pub rate_limit_config: Option<RateLimitConfig>,
    /// Bytes that may wait to be written to one client, and 64 more for each frame; one frame
    /// always may. Default: 4 MiB.
    pub outbox_bytes: usize,
    /// What happens to a client whose outbox is full. Default: [`SlowConsumer::Disconnect`].
    pub slow_consumer: SlowConsumer,
    /// Events that may wait to be taken, shared evenly by the connected clients (at least one
    /// each); an event counts once, and once more for each KiB of its bytes or of the memory that
    /// it takes, whichever is more. A client that has used its share is not read from, and none is
    /// admitted while all is used, until the application catches up: nothing is lost. Default:
    /// 65,536.
    pub inbox_events: usize,
    /// How often each side sends a heartbeat; at least thrice within `keepalive_timeout`. Clients
    /// are told. Default: 10 s.
    pub heartbeat_interval: Duration,
    /// Silence after which the other side counts as dead. Clients are told. Default: 30 s.
    pub keepalive_timeout: Duration,
    /// From the first byte of a message to its last. Default: 30 s.
    pub message_timeout: Duration,
    /// Whether a client built from another schema is told what differs, where the server can know:
    /// it always can when the client is a debug build. The server logs it in any case, at `debug`.
    /// Default: true in debug builds.
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
