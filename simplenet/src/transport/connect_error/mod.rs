mod handshake;
mod http;
mod step;

pub use self::{handshake::HandshakeFailure, http::HttpRefusal, step::ConnectStep};
pub(crate) use step::Progress;

use std::{error::Error, io, sync::Arc, time::Duration};

use thiserror::Error;

use super::TransportError;
use crate::{text::error_chain, tls::TlsFailure, wire::CloseReason};

/// The reason why an attempt to connect failed.
///
/// After most errors, the client tries again: servers restart, networks change, and certificates
/// are renewed. A client ends after an error that every later attempt would repeat:
///
/// - [`Http`](Self::Http): ends after 401, 403, 405, 410, 426, 501 and 505, and tries again after
///   every other status, see [`HttpRefusal`].
/// - [`Refused`](Self::Refused): ends if the reason [is terminal](CloseReason::is_terminal).
/// - [`Redirected`](Self::Redirected): as after the error of the redirect's target.
/// - All others: tries again. That includes [`Tls`](Self::Tls), because certificates are renewed,
///   clocks are set, and the gateway of a hotel network answers for another server until its user
///   has logged in; and [`Handshake`](Self::Handshake), because another program may use the port
///   while the server restarts.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The host of the URL has no known address.
    #[error("cannot find an address of the host `{host}`")]
    Lookup {
        /// The host.
        host: String,
        /// The cause.
        source: Arc<io::Error>,
    },
    /// No connection to the server's address could be opened. In a browser, every failed attempt to
    /// open a WebSocket has this error, because a browser hides the cause from scripts.
    #[error("cannot reach {address}")]
    Unreachable {
        /// Host and port.
        address: String,
        /// The cause. If the host has several addresses, the text contains the cause of each.
        source: Arc<io::Error>,
    },
    /// The TLS handshake failed.
    #[error("TLS handshake failed: {0}")]
    Tls(TlsFailure),
    /// The server answered with an HTTP status instead of the WebSocket upgrade.
    #[error("{0}")]
    Http(HttpRefusal),
    /// The peer did not complete the handshake of a simplenet server.
    #[error("handshake failed: {0}")]
    Handshake(HandshakeFailure),
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
    #[error("{}", step.timeout_text(*limit))]
    Timeout {
        /// The step that was not completed.
        step: ConnectStep,
        /// The configured time limit of the whole attempt.
        limit: Duration,
    },
    /// The attempt failed after an HTTP redirect, which the client followed as
    /// `ClientBuilder::follow_redirects` allows.
    #[error("after a redirect to {target}")]
    Redirected {
        /// Scheme, host and port of the last redirect's target.
        target: String,
        /// The error.
        source: Box<ConnectError>,
    },
}

impl ConnectError {
    /// Returns true if every later attempt would end with the same error, so that the client ends.
    /// The docs of this type list these errors.
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Refused(reason) => reason.is_terminal(),
            Self::Http(refusal) => refusal.is_terminal(),
            Self::Redirected { source, .. } => source.is_terminal(),
            Self::Lookup { .. }
            | Self::Unreachable { .. }
            | Self::Tls(_)
            | Self::Handshake(_)
            | Self::Provider { .. }
            | Self::Timeout { .. } => false,
        }
    }

    /// Returns the time after which the client may connect again, if the server sent one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(reason) => reason.retry_after(),
            Self::Http(refusal) => refusal.retry_after,
            Self::Redirected { source, .. } => source.retry_after(),
            _ => None,
        }
    }

    /// Returns the reason without any text of the peer, for log lines above `debug`. Two attempts
    /// that fail for the same reason have the same summary.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Lookup { .. } | Self::Unreachable { .. } | Self::Timeout { .. } => {
                error_chain(self)
            }
            Self::Tls(failure) => format!("TLS handshake failed: {}", failure.summary()),
            Self::Http(refusal) => refusal.summary(),
            Self::Handshake(failure) => format!("handshake failed: {}", failure.summary()),
            Self::Refused(reason) => format!("refused: {}", reason.summary()),
            Self::Provider { .. } => self.to_string(),
            Self::Redirected { source, .. } => match &**source {
                // The peer chose the host.
                Self::Lookup { .. } | Self::Unreachable { .. } => {
                    "cannot reach the target of a redirect".to_owned()
                }
                // The peer chose the path.
                Self::Http(refusal) => {
                    let path = "its target".to_owned();
                    format!(
                        "after a redirect: {}",
                        HttpRefusal { path, ..refusal.clone() }.summary()
                    )
                }
                source => format!("after a redirect: {}", source.summary()),
            },
        }
    }
}

/// The error of a transport between the upgrade and the server's answer to the hello.
impl From<TransportError> for ConnectError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Closed(reason) => Self::Refused(reason),
            TransportError::Tls(failure) => Self::Tls(failure),
            TransportError::Lost(text) => {
                Self::Handshake(HandshakeFailure::LostBeforeWelcome(text))
            }
            TransportError::Violation(reason) => {
                Self::Handshake(HandshakeFailure::Violation(reason.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test;

    /// A text that a peer has chosen.
    const PEER: &str = "words-of-the-peer";

    fn redirected(error: ConnectError) -> ConnectError {
        ConnectError::Redirected { target: PEER.to_owned(), source: Box::new(error) }
    }

    #[test]
    fn summary_contains_no_text_of_the_peer() {
        let peer = || PEER.to_owned();
        let source = || Arc::new(io::Error::other("connection refused"));
        let unreachable =
            |host: &str| ConnectError::Unreachable { address: host.to_owned(), source: source() };
        let http = |path: &str| HttpRefusal {
            status: 404,
            path: path.to_owned(),
            retry_after: None,
            target: None,
            is_downgrade: false,
        };
        for (error, summary) in [
            (ConnectError::Refused(CloseReason::Kicked(peer())), "refused: kicked by the server"),
            (
                ConnectError::Refused(CloseReason::Application { code: 3, text: peer() }),
                "refused: closed by the application with code 3",
            ),
            (
                ConnectError::Refused(CloseReason::AuthenticationRefused(peer())),
                "refused: authentication refused",
            ),
            (
                ConnectError::Refused(CloseReason::Other { code: 4098, text: peer() }),
                "refused: closed with code 4098",
            ),
            (
                ConnectError::Handshake(HandshakeFailure::Violation(peer())),
                "handshake failed: the server does not speak simplenet's protocol",
            ),
            (
                ConnectError::Tls(TlsFailure::WrongName(peer())),
                "TLS handshake failed: certificate is not for the server's name",
            ),
            (
                ConnectError::Provider {
                    source: Arc::from(Box::<dyn Error + Send + Sync>::from(PEER)),
                },
                "the AuthProvider returned no fresh token",
            ),
            (unreachable("localhost:1"), "cannot reach localhost:1: connection refused"),
            (redirected(unreachable(PEER)), "cannot reach the target of a redirect"),
            (
                redirected(ConnectError::Lookup { host: peer(), source: source() }),
                "cannot reach the target of a redirect",
            ),
            (
                ConnectError::Http(http("/chat")),
                "the server has no channel at the path `/chat` (HTTP 404): check the path of the \
                 URL, and the server's route",
            ),
            (
                redirected(ConnectError::Http(http(PEER))),
                "after a redirect: the server has no channel at the path `its target` (HTTP 404): \
                 check the path of the URL, and the server's route",
            ),
        ] {
            assert_eq!(error.summary(), summary);
        }
    }
}
