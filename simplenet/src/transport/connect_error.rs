use std::{error::Error, io, sync::Arc, time::Duration};

use thiserror::Error;

use super::TransportError;
use crate::{tls::TlsFailure, wire::CloseReason};

/// The reason why an attempt to connect failed.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The server could not be reached. In a browser, every failed attempt to open a WebSocket has
    /// this error, because a browser hides the cause from scripts.
    #[error("cannot reach {address}")]
    Unreachable {
        /// Host and port.
        address: String,
        /// The cause.
        source: Arc<io::Error>,
    },
    /// The TLS handshake failed.
    #[error("TLS handshake failed: {0}")]
    Tls(TlsFailure),
    /// The server did not complete the WebSocket handshake.
    #[error("WebSocket handshake failed: {0}")]
    Handshake(String),
    /// The server refused the client.
    #[error("refused: {0}")]
    Refused(CloseReason),
    /// The [`AuthProvider`](crate::AuthProvider) returned no fresh token.
    #[error("the AuthProvider returned no fresh token")]
    Provider {
        /// The provider's error.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The server did not accept the client within `connect_timeout`.
    #[error("not accepted within `connect_timeout` ({0:?})")]
    Timeout(Duration),
}

impl ConnectError {
    /// Returns the time after which the client may connect again, if the server sent one.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(reason) => reason.retry_after(),
            _ => None,
        }
    }
}

impl From<TransportError> for ConnectError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Closed(reason) => Self::Refused(reason),
            TransportError::Tls(failure) => Self::Tls(failure),
            error => Self::Handshake(CloseReason::from(error).to_string()),
        }
    }
}
