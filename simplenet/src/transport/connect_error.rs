use std::{error::Error, io, sync::Arc, time::Duration};

use thiserror::Error;

use super::TransportError;
use crate::{tls::TlsFailure, wire::CloseReason};

/// Why an attempt to connect failed.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The server could not be reached; in a browser, for whatever reason, since it keeps that from pages.
    #[error("cannot reach {address}")]
    Unreachable {
        /// Host and port.
        address: String,
        /// Why.
        source: Arc<io::Error>,
    },
    /// The two sides do not come together under TLS.
    #[error("no TLS connection: {0}")]
    Tls(TlsFailure),
    /// Something answered, but not with a WebSocket.
    #[error("no WebSocket handshake: {0}")]
    Handshake(String),
    /// The server does not want this client, or not now.
    #[error("refused: {0}")]
    Refused(CloseReason),
    /// There was no fresh token to show, see [`AuthProvider`](crate::AuthProvider).
    #[error("no fresh token")]
    Provider {
        /// What the provider says.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// There was no welcome within `connect_timeout`.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
}

impl ConnectError {
    /// How long the server asks to stay away.
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
