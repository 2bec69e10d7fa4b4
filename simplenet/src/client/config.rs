use std::time::Duration;

use crate::{
    session::{ClientSessionLimits, Heartbeat},
    wire::Welcome,
};

/// The limits and times of a client. Every field has a default that suits most games and services.
///
/// Fields that [`ServerConfig`](crate::ServerConfig) has, too, are documented there, with their
/// units and defaults.
///
/// ```
/// use std::time::Duration;
/// use simplenet::{ClientConfig, DeathReason};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[client_message]
///     pub struct Say(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = ClientConfig {
///     max_initial_connect_attempts: Some(1),
///     connect_timeout: Duration::from_secs(2),
///     ..ClientConfig::default()
/// };
/// assert_eq!(config.call_timeout, Some(Duration::from_secs(30)), "the default");
///
/// let unused = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
/// let url = format!("ws://{unused}");
/// let client = chat::Client::builder(url).config(config).connect(());
/// assert!(matches!(client.dead().await, DeathReason::GaveUp { attempts: 1, .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// Whether the client reconnects after the connection was lost, or was closed for a temporary
    /// reason. Default: true.
    pub reconnect_on_disconnect: bool,
    /// Whether the client reconnects after the server's application closed the session with
    /// [`Application`](crate::CloseReason::Application). Default: false.
    pub reconnect_on_server_close: bool,
    /// The upper bound of the wait before the first reconnect. The bound doubles with every
    /// failure. The actual wait is random, between zero and the bound, so that many clients do not
    /// reconnect at the same time. Default: 1 s.
    pub reconnect_interval: Duration,
    /// The value up to which the bound of the wait doubles, see
    /// [`reconnect_interval`](Self::reconnect_interval). Default: 30 s.
    pub max_reconnect_interval: Duration,
    /// The number of attempts before the first session, at least one. When all have failed, the
    /// client is dead. Default: `None`, no limit.
    pub max_initial_connect_attempts: Option<u32>,
    /// The number of attempts after a session was lost, at least one. When all have failed, the
    /// client is dead. Default: `None`, no limit.
    pub max_reconnect_attempts: Option<u32>,
    /// The time limit of one attempt to connect, from its start until the server has accepted the
    /// client. Default: 10 s.
    pub connect_timeout: Duration,
    /// The time limit of a [`call`](crate::ClientHandle::call), including the wait for a session.
    /// [`Call::timeout`](crate::Call::timeout) sets another limit for one call. With `None`, a call
    /// has no time limit. Default: 30 s.
    pub call_timeout: Option<Duration>,
    /// The largest message or answer that the client accepts, in bytes. The client tells the
    /// server, so that the server sends nothing larger. The server's limit bounds the messages that
    /// the client sends. Whatever this limit is, the server's answer to the hello may have up to 64
    /// KiB. See [`ServerConfig::max_msg_size`](crate::ServerConfig::max_msg_size).
    pub max_msg_size: usize,
    /// See [`ServerConfig::outbox_bytes`](crate::ServerConfig::outbox_bytes). A message that does
    /// not fit fails at once.
    pub outbox_bytes: usize,
    /// See [`ServerConfig::inbox_events`](crate::ServerConfig::inbox_events). A client has only one
    /// session, which may use the whole weight. A browser cannot stop reading. So in a browser, the
    /// session ends if more events arrive.
    pub inbox_events: usize,
    /// See [`ServerConfig::heartbeat_interval`](crate::ServerConfig::heartbeat_interval). The
    /// shorter interval of both sides applies.
    pub heartbeat_interval: Duration,
    /// See [`ServerConfig::keepalive_timeout`](crate::ServerConfig::keepalive_timeout). The shorter
    /// timeout of both sides applies.
    pub keepalive_timeout: Duration,
    /// See [`ServerConfig::message_timeout`](crate::ServerConfig::message_timeout). Has no effect
    /// in a browser, which delivers only whole messages.
    pub message_timeout: Duration,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            reconnect_on_disconnect: true,
            reconnect_on_server_close: false,
            reconnect_interval: Duration::from_secs(1),
            max_reconnect_interval: Duration::from_secs(30),
            max_initial_connect_attempts: None,
            max_reconnect_attempts: None,
            connect_timeout: Duration::from_secs(10),
            call_timeout: Some(Duration::from_secs(30)),
            max_msg_size: 1024 * 1024,
            outbox_bytes: 4 * 1024 * 1024,
            inbox_events: 65_536,
            heartbeat_interval: Duration::from_secs(10),
            keepalive_timeout: Duration::from_secs(30),
            message_timeout: Duration::from_secs(30),
        }
    }
}

impl ClientConfig {
    /// Returns the limits of a session, from the configuration and the server's welcome. If both
    /// contain a time, the shorter one applies.
    pub(super) fn session_limits(&self, welcome: &Welcome) -> ClientSessionLimits {
        let milliseconds = |ms: u32| Duration::from_millis(ms.into());
        let max_msg_size = usize::try_from(welcome.max_msg_size).unwrap_or(usize::MAX);
        ClientSessionLimits {
            outbox_bytes: self.outbox_bytes,
            max_in_flight: usize::try_from(welcome.max_in_flight).unwrap_or(usize::MAX),
            max_msg_size,
            max_incoming: self.max_msg_size,
            heartbeat: Heartbeat::new(
                self.heartbeat_interval.min(milliseconds(welcome.heartbeat_interval_ms)),
                self.keepalive_timeout.min(milliseconds(welcome.keepalive_timeout_ms)),
                self.message_timeout,
            ),
        }
    }
}
