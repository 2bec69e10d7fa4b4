use std::time::Duration;

use crate::{
    session::{ClientSessionLimits, Heartbeat},
    wire::Welcome,
};

/// The limits and times of a client. Every field has a default that suits most games and services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// Whether to connect again after the connection was lost, or closed for a reason that may pass. Default: true.
    pub reconnect_on_disconnect: bool,
    /// Whether to connect again after the server's application closed the session with
    /// [`Application`](crate::CloseReason::Application). Default: false.
    pub reconnect_on_server_close: bool,
    /// The longest wait before the first reconnect. It doubles with every failure; the actual wait is drawn evenly
    /// between zero and it, so that many clients do not come back at once. Default: 1 s.
    pub reconnect_interval: Duration,
    /// What the wait grows to at most. Default: 30 s.
    pub max_reconnect_interval: Duration,
    /// Attempts before the first session, at least one; the client is dead when all have failed. Default: `None`, no
    /// limit.
    pub max_initial_connect_attempts: Option<u32>,
    /// Attempts after a session was lost, at least one; the client is dead when all have failed. Default: `None`, no
    /// limit.
    pub max_reconnect_attempts: Option<u32>,
    /// How long an attempt may take, up to the server's welcome. Default: 10 s.
    pub connect_timeout: Duration,
    /// How long a [`call`](crate::ClientHandle::call) waits, for a connection and for its answer together, unless it
    /// says otherwise; `None` waits as long as the client lives. Default: 30 s.
    pub call_timeout: Option<Duration>,
    /// Bytes of the largest message or answer the client takes; it sends no more than the server told it to take. The
    /// answer to the hello may have 64 KiB, whatever this is. Default: 1 MiB.
    pub max_msg_size: usize,
    /// Bytes that may wait to be written, and 64 more for each frame; one frame always may. What does not fit fails at
    /// once. Default: 4 MiB.
    pub outbox_bytes: usize,
    /// Events that may wait to be taken; an event counts once, and once more for each KiB of its bytes or of the memory
    /// that it takes, whichever is more. While they do, the client does not read, and nothing is lost; in a browser,
    /// which reads on, the session ends when more comes. Default: 65,536.
    pub inbox_events: usize,
    /// How often to send a heartbeat, unless the server asks for more; at least thrice within `keepalive_timeout`.
    /// Default: 10 s.
    pub heartbeat_interval: Duration,
    /// Silence after which the server counts as dead, unless the server asks for less. Default: 30 s.
    pub keepalive_timeout: Duration,
    /// From the first byte of a message to its last. Does nothing in a browser, which shows whole messages only.
    /// Default: 30 s.
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
    /// Our own wishes and the server's, whichever is stricter.
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
