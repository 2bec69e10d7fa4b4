use crate::text::printable;
use std::{ops::RangeInclusive, time::Duration};

use thiserror::Error;

#[cfg(feature = "client")]
use super::WIRE_VERSION;
use super::{FrameError, ProtocolMismatch};

/// Why a session ended, or never began.
///
/// One type for both sides. A client acts on two questions: a [terminal](Self::is_terminal) reason ends it, every other
/// one counts as a disconnect; and a close that the server's [application](Self::is_application) chose is told apart
/// from one that just happened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CloseReason {
    /// The server's application sent the client away for good. Terminal. Made with [`kicked`](Self::kicked).
    #[error("kicked by the server{}", after_colon(.0))]
    Kicked(String),
    /// A reason of the application's own.
    #[error("closed by the application with code {code}{}", after_colon(.text))]
    Application {
        /// The application's number for it, 0 to 899; a greater one travels as 899.
        code: u16,
        /// Said to the client, at most 123 bytes; what goes beyond is cut.
        text: String,
    },
    /// The client was closed or dropped.
    #[error("closed by the client")]
    ClosedByClient,
    /// The server was shut down or dropped.
    #[error("the server has shut down")]
    ShutDown,
    /// The server is about to shut down and takes no more clients.
    #[error("the server is going away{}", retry_hint(.retry_after))]
    Draining {
        /// How long the server asks its clients to stay away.
        retry_after: Option<Duration>,
    },
    /// Client and server were built from different schemas. Terminal.
    #[error(transparent)]
    ProtocolMismatch(Box<ProtocolMismatch>),
    /// Client and server use versions of simplenet that do not understand each other. Terminal.
    #[error("wire version {ours} here, {} there: update the older side", or_unknown(.theirs))]
    WireVersion {
        /// The version on this side.
        ours: u16,
        /// The version on the other side, where it was told.
        theirs: Option<u16>,
    },
    /// The server does not accept who the client says it is. Terminal.
    #[error("authentication refused{}", after_colon(.0))]
    AuthenticationRefused(String),
    /// A newer connection with the same client id has taken this one's place. Terminal.
    #[error("taken over by a newer connection with the same client id")]
    TakenOver,
    /// The server has as many clients as it may.
    #[error("the server is full{}", retry_hint(.retry_after))]
    ServerFull {
        /// How long the server asks its clients to stay away.
        retry_after: Option<Duration>,
    },
    /// What showed who the client is has expired: it may come back with something fresh.
    #[error("authentication expired: come back with a fresh token")]
    AuthenticationExpired,
    /// A client with the same id is connected.
    #[error("a client with this id is connected already")]
    DuplicateId,
    /// Too many messages in too short a time.
    #[error("rate limit exceeded: send less often{}", retry_hint(.retry_after))]
    RateLimited {
        /// How long the server asks its clients to stay away.
        retry_after: Option<Duration>,
    },
    /// Nothing was heard from the other side for too long, or it did not finish its handshake in time.
    #[error("timed out waiting for the other side")]
    Timeout,
    /// The other side sent what the protocol does not allow.
    #[error("protocol violation{}", after_colon(.0))]
    ProtocolViolation(String),
    /// A message was larger than its receiver takes.
    #[error("message too big: send less at once, or raise `max_msg_size`")]
    MessageTooBig,
    /// Messages came faster than they were read, so too many would have had to wait.
    #[error("messages came faster than they were read")]
    SlowConsumer,
    /// The connection broke, or could not be made. Never said by the other side.
    #[error("connection lost{}", after_colon(.0))]
    ConnectionLost(String),
    /// A reason that this version does not know.
    #[error("closed with code {code}{}", after_colon(.text))]
    Other {
        /// The WebSocket close code.
        code: u16,
        /// What the other side said with it.
        text: String,
    },
}

impl CloseReason {
    /// [`Kicked`](Self::Kicked) with a text for the client: at most 123 bytes, what goes beyond is cut.
    pub fn kicked(text: impl Into<String>) -> Self {
        Self::Kicked(text.into())
    }

    /// True if a client that was given this reason ends instead of connecting again.
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

    /// True if the server's application chose it.
    pub fn is_application(&self) -> bool {
        matches!(self, Self::Kicked(_) | Self::Application { .. })
    }

    /// How long the server asks its clients to stay away.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Draining { retry_after }
            | Self::ServerFull { retry_after }
            | Self::RateLimited { retry_after } => *retry_after,
            _ => None,
        }
    }

    /// The WebSocket close code that says it.
    pub(crate) fn close_code(&self) -> u16 {
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

    /// The text beside the close code, as long as a close frame can carry.
    pub(crate) fn close_text(&self) -> String {
        match self {
            Self::ConnectionLost(_) => String::new(),
            _ => self.carried_text().unwrap_or_else(|| printable_close(&self.to_string())),
        }
    }

    /// The text that is part of the reason, where it has one.
    pub(super) fn carried_text(&self) -> Option<String> {
        match self {
            Self::Kicked(text)
            | Self::AuthenticationRefused(text)
            | Self::ProtocolViolation(text)
            | Self::Application { text, .. }
            | Self::Other { text, .. } => Some(printable_close(text)),
            _ => None,
        }
    }

    /// What a server means by a close code.
    #[cfg(feature = "client")]
    pub(crate) fn from_server_close(code: u16, text: &str) -> Self {
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

    /// What a client means by a close code: a client cannot speak for the server or its application.
    #[cfg(feature = "server")]
    pub(crate) fn from_client_close(code: u16, text: &str) -> Self {
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

/// Close codes of this protocol, and those of WebSocket itself that it understands.
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
    #[cfg(feature = "client")]
    pub(super) const RESTART: u16 = 1012;
    #[cfg(feature = "client")]
    pub(super) const TRY_AGAIN: u16 = 1013;
    pub(super) const TLS: u16 = 1015;
}

/// Codes that end a client, the ones that no version has given a meaning yet among them.
const TERMINAL_CODES: RangeInclusive<u16> = 4000..=4049;

/// Codes that any version of this protocol may send.
const OWN_CODES: RangeInclusive<u16> = 4000..=4999;

/// Codes that carry a number of the application's own.
const APPLICATION_CODES: RangeInclusive<u16> = 4100..=4999;

/// What a WebSocket close frame can carry beside its code.
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
