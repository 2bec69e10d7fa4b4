use std::{ops::RangeInclusive, time::Duration};

use thiserror::Error;

use super::{FrameError, ProtocolMismatch, WIRE_VERSION};
use crate::text::printable;

/// The reason why a session ended or never began.
///
/// Both sides use this type. A [terminal](Self::is_terminal) reason ends a client for good; after
/// every other reason the client connects again. [`is_application`](Self::is_application) returns
/// true for the reasons that the server's application chose.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CloseReason {
    /// The server's application disconnected the client for good. Terminal. Made with
    /// [`kicked`](Self::kicked).
    #[error("kicked by the server{}", after_colon(.0))]
    Kicked(String),
    /// A reason that the application defines.
    #[error("closed by the application with code {code}{}", after_colon(.text))]
    Application {
        /// The application's number for the reason, 0 to 899. A greater number is sent as 899.
        code: u16,
        /// A text for the client. It is truncated to 123 bytes.
        text: String,
    },
    /// The client was closed or dropped.
    #[error("closed by the client")]
    ClosedByClient,
    /// The server was shut down or dropped.
    #[error("the server has shut down")]
    ShutDown,
    /// The server is about to shut down and accepts no more clients.
    #[error("the server is going away{}", retry_hint(.retry_after))]
    Draining {
        /// Time after which clients may connect again.
        retry_after: Option<Duration>,
    },
    /// Client and server were built from different schemas. Terminal.
    #[error(transparent)]
    ProtocolMismatch(Box<ProtocolMismatch>),
    /// Client and server use versions of simplenet with different wire versions. Terminal.
    #[error("wire version {ours} here, {} there: update the older side", or_unknown(.theirs))]
    WireVersion {
        /// The version of this side.
        ours: u16,
        /// The version of the other side, if it is known.
        theirs: Option<u16>,
    },
    /// The server rejected the client's credentials. Terminal.
    #[error("authentication refused{}", after_colon(.0))]
    AuthenticationRefused(String),
    /// A newer connection with the same client id replaced this one. Terminal.
    #[error("taken over by a newer connection with the same client id")]
    TakenOver,
    /// The server has reached its limit of clients.
    #[error("the server is full{}", retry_hint(.retry_after))]
    ServerFull {
        /// Time after which clients may connect again.
        retry_after: Option<Duration>,
    },
    /// The client's credentials have expired. It may connect again with fresh ones.
    #[error("authentication expired: connect again with a fresh token")]
    AuthenticationExpired,
    /// Another client with the same id is connected.
    #[error("a client with this id is connected already")]
    DuplicateId,
    /// The client exceeded the server's rate limit.
    #[error("rate limit exceeded: send less often{}", retry_hint(.retry_after))]
    RateLimited {
        /// Time after which clients may connect again.
        retry_after: Option<Duration>,
    },
    /// The other side sent nothing within the keepalive timeout, or did not finish its handshake in
    /// time.
    #[error("timed out waiting for the other side")]
    Timeout,
    /// The other side violated the protocol.
    #[error("protocol violation{}", after_colon(.0))]
    ProtocolViolation(String),
    /// A message exceeded the receiver's limit.
    #[error("message too big: send less at once, or raise `max_msg_size`")]
    MessageTooBig,
    /// The receiver read messages more slowly than they arrived, until the queue was full.
    #[error("messages arrived faster than they were read")]
    SlowConsumer,
    /// The connection broke or could not be made. The other side never sends this reason.
    #[error("connection lost{}", after_colon(.0))]
    ConnectionLost(String),
    /// A close code without a meaning in this version.
    #[error("closed with code {code}{}", after_colon(.text))]
    Other {
        /// The WebSocket close code.
        code: u16,
        /// The text that the other side sent with the code.
        text: String,
    },
}

impl CloseReason {
    /// Returns [`Kicked`](Self::Kicked) with a text for the client, which is truncated to 123
    /// bytes.
    pub fn kicked(text: impl Into<String>) -> Self {
        Self::Kicked(text.into())
    }

    /// Returns true if a client ends for this reason instead of connecting again.
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Other { code, .. } => TERMINAL_CODES.contains(code),
            _ => matches!(
                self,
                Self::Kicked(_)
                    | Self::ClosedByClient
                    | Self::ProtocolMismatch(_)
                    | Self::WireVersion { .. }
                    | Self::AuthenticationRefused(_)
                    | Self::TakenOver
            ),
        }
    }

    /// Returns the reason without any text of the peer, for log lines above `debug`.
    #[cfg(feature = "client")]
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Kicked(_) => "kicked by the server".to_owned(),
            Self::Application { code, .. } => {
                format!("closed by the application with code {code}")
            }
            Self::ProtocolMismatch(mismatch) => {
                ProtocolMismatch { older: mismatch.older, ..ProtocolMismatch::default() }
                    .to_string()
            }
            Self::AuthenticationRefused(_) => "authentication refused".to_owned(),
            Self::ProtocolViolation(_) => "protocol violation".to_owned(),
            Self::ConnectionLost(_) => "connection lost".to_owned(),
            Self::Other { code, .. } => format!("closed with code {code}"),
            // The wait differs from time to time.
            Self::Draining { .. } => Self::Draining { retry_after: None }.to_string(),
            Self::ServerFull { .. } => Self::ServerFull { retry_after: None }.to_string(),
            Self::RateLimited { .. } => Self::RateLimited { retry_after: None }.to_string(),
            other => other.to_string(),
        }
    }

    /// Returns true if the server's application chose the reason.
    pub fn is_application(&self) -> bool {
        matches!(self, Self::Kicked(_) | Self::Application { .. })
    }

    /// Returns the time after which the client may connect again, if the server sent one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Draining { retry_after }
            | Self::ServerFull { retry_after }
            | Self::RateLimited { retry_after } => *retry_after,
            _ => None,
        }
    }

    /// Returns the WebSocket close code of the reason.
    pub fn close_code(&self) -> u16 {
        match self {
            Self::ClosedByClient | Self::ConnectionLost(_) => code::NORMAL,
            Self::ProtocolMismatch(_) => code::PROTOCOL_MISMATCH,
            Self::WireVersion { .. } => code::WIRE_VERSION,
            Self::AuthenticationRefused(_) => code::AUTHENTICATION_REFUSED,
            Self::TakenOver => code::TAKEN_OVER,
            Self::Kicked(_) => code::KICKED,
            Self::ServerFull { .. } => code::SERVER_FULL,
            Self::DuplicateId => code::DUPLICATE_ID,
            Self::RateLimited { .. } => code::RATE_LIMITED,
            Self::Timeout => code::TIMEOUT,
            Self::Draining { .. } => code::DRAINING,
            Self::ShutDown => code::SHUT_DOWN,
            Self::ProtocolViolation(_) => code::PROTOCOL_VIOLATION,
            Self::MessageTooBig => code::MESSAGE_TOO_BIG,
            Self::SlowConsumer => code::SLOW_CONSUMER,
            Self::AuthenticationExpired => code::AUTHENTICATION_EXPIRED,
            Self::Application { code, .. } => {
                code.saturating_add(*APPLICATION_CODES.start()).min(*APPLICATION_CODES.end())
            }
            Self::Other { code, .. } if OWN_CODES.contains(code) => *code,
            Self::Other { .. } => code::NORMAL,
        }
    }

    /// Returns the text that accompanies the close code, truncated to fit into a close frame.
    pub fn close_text(&self) -> String {
        match self {
            Self::ConnectionLost(_) => String::new(),
            _ => self.own_text().unwrap_or_else(|| printable_close(&self.to_string())),
        }
    }

    /// Returns the text inside the reason, if the reason has one.
    pub(super) fn own_text(&self) -> Option<String> {
        match self {
            Self::Kicked(text)
            | Self::AuthenticationRefused(text)
            | Self::ProtocolViolation(text)
            | Self::Application { text, .. }
            | Self::Other { text, .. } => Some(printable_close(text)),
            _ => None,
        }
    }

    /// Returns the reason for a close code that a server sent.
    pub fn from_server_close(code: u16, text: &str) -> Self {
        match code {
            code::PROTOCOL_MISMATCH => Self::ProtocolMismatch(Box::default()),
            code::WIRE_VERSION => Self::WireVersion { ours: WIRE_VERSION, theirs: None },
            code::AUTHENTICATION_REFUSED => Self::AuthenticationRefused(printable_close(text)),
            code::TAKEN_OVER => Self::TakenOver,
            code::KICKED => Self::Kicked(printable_close(text)),
            code::SERVER_FULL => Self::ServerFull { retry_after: None },
            code::DUPLICATE_ID => Self::DuplicateId,
            code::RATE_LIMITED => Self::RateLimited { retry_after: None },
            code::DRAINING => Self::Draining { retry_after: None },
            code::AUTHENTICATION_EXPIRED => Self::AuthenticationExpired,
            code::SHUT_DOWN | code::GOING_AWAY | code::RESTART | code::TRY_AGAIN => Self::ShutDown,
            code if APPLICATION_CODES.contains(&code) => Self::Application {
                code: code - APPLICATION_CODES.start(),
                text: printable_close(text),
            },
            code => Self::from_either_close(code, text),
        }
    }

    /// Returns the reason for a close code that a client sent. A code that only servers and their
    /// applications may send becomes [`Other`](Self::Other).
    pub fn from_client_close(code: u16, text: &str) -> Self {
        match code {
            code::NORMAL | code::GOING_AWAY => Self::ClosedByClient,
            code => Self::from_either_close(code, text),
        }
    }

    fn from_either_close(code: u16, text: &str) -> Self {
        match code {
            code::TIMEOUT => Self::Timeout,
            code::PROTOCOL_VIOLATION
            | code::WEBSOCKET_PROTOCOL
            | code::UNSUPPORTED
            | code::INVALID_DATA
            | code::POLICY => Self::ProtocolViolation(printable_close(text)),
            code::MESSAGE_TOO_BIG | code::TOO_BIG => Self::MessageTooBig,
            code::SLOW_CONSUMER => Self::SlowConsumer,
            code::NO_STATUS | code::ABNORMAL | code::TLS => {
                Self::ConnectionLost(printable_close(text))
            }
            code => Self::Other { code, text: printable_close(text) },
        }
    }
}

impl From<FrameError> for CloseReason {
    fn from(error: FrameError) -> Self {
        Self::ProtocolViolation(error.to_string())
    }
}

/// The close codes of this protocol, and the supported codes of RFC 6455 and its registry.
mod code {
    pub(super) const PROTOCOL_MISMATCH: u16 = 4000;
    pub(super) const WIRE_VERSION: u16 = 4001;
    pub(super) const AUTHENTICATION_REFUSED: u16 = 4002;
    pub(super) const TAKEN_OVER: u16 = 4003;
    pub(super) const KICKED: u16 = 4004;

    pub(super) const SERVER_FULL: u16 = 4050;
    pub(super) const DUPLICATE_ID: u16 = 4051;
    pub(super) const RATE_LIMITED: u16 = 4052;
    pub(super) const TIMEOUT: u16 = 4053;
    pub(super) const DRAINING: u16 = 4054;
    pub(super) const SHUT_DOWN: u16 = 4055;
    pub(super) const PROTOCOL_VIOLATION: u16 = 4056;
    pub(super) const MESSAGE_TOO_BIG: u16 = 4057;
    pub(super) const SLOW_CONSUMER: u16 = 4058;
    pub(super) const AUTHENTICATION_EXPIRED: u16 = 4059;

    pub(super) const NORMAL: u16 = 1000;
    pub(super) const GOING_AWAY: u16 = 1001;
    pub(super) const WEBSOCKET_PROTOCOL: u16 = 1002;
    pub(super) const UNSUPPORTED: u16 = 1003;
    pub(super) const NO_STATUS: u16 = 1005;
    pub(super) const ABNORMAL: u16 = 1006;
    pub(super) const INVALID_DATA: u16 = 1007;
    pub(super) const POLICY: u16 = 1008;
    pub(super) const TOO_BIG: u16 = 1009;
    pub(super) const RESTART: u16 = 1012;
    pub(super) const TRY_AGAIN: u16 = 1013;
    pub(super) const TLS: u16 = 1015;
}

/// The codes that end a client, including codes of later versions.
const TERMINAL_CODES: RangeInclusive<u16> = 4000..=4049;

/// The codes that are reserved for this protocol, in this or a later version.
const OWN_CODES: RangeInclusive<u16> = 4000..=4999;

/// The codes for the application's own numbers.
const APPLICATION_CODES: RangeInclusive<u16> = 4100..=4999;

/// Longest text in a WebSocket close frame (RFC 6455, 5.5: 125 bytes, two of them for the code).
const MAX_CLOSE_TEXT_BYTES: usize = 123;

fn printable_close(text: &str) -> String {
    printable(text, MAX_CLOSE_TEXT_BYTES)
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn retry_hint(retry_after: &Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| format!("; try again in {wait:?}"))
}

fn or_unknown(version: &Option<u16>) -> String {
    version.map_or_else(|| "another".to_owned(), |version| version.to_string())
}
