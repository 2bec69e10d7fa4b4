use std::time::Duration;

use simplenet::{
    AcceptorConfig, AuthRequest, Authenticator, ClientId, ClientTls, Secret, ServerConfig,
    ServerTls,
};

use super::{harness::PROBE, tokens};
use crate::certificates::Authority;

/// A time limit beyond the duration of any attack.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The configuration of an attacked server.
pub(super) struct Setup {
    pub(super) config: ServerConfig,
    pub(super) authenticator: Authenticator,
    pub(super) acceptor: AcceptorConfig,
    /// The credentials of the honest client.
    pub(super) credentials: AuthRequest,
    /// The TLS settings of the honest client, if the server uses TLS.
    pub(super) tls: ClientTls,
}

impl Setup {
    /// Short timeouts, for attacks that a timeout ends.
    pub(super) fn short_timeouts() -> Self {
        Self::with_timeouts(Duration::from_millis(300))
    }

    /// Timeouts that are long enough for a client on a busy machine.
    pub(super) fn moderate_timeouts() -> Self {
        Self::with_timeouts(Duration::from_secs(3))
    }

    /// Long timeouts, for attacks that only the sent bytes can end.
    pub(super) fn long_timeouts() -> Self {
        Self::with_timeouts(DAY)
    }

    /// Long timeouts and a small message limit, which also limits the bytes between messages.
    pub(super) fn small_messages() -> Self {
        let long_timeouts = Self::long_timeouts();
        Self {
            config: ServerConfig { max_msg_size: 64 * 1024, ..long_timeouts.config },
            ..long_timeouts
        }
    }

    /// A server that requires a secret.
    pub(super) fn with_secret() -> Self {
        let secret = Secret::new("shared secret");
        Self {
            authenticator: Authenticator::Secret(secret.clone()),
            credentials: AuthRequest::Secret { client_id: ClientId::new(PROBE), secret },
            ..Self::long_timeouts()
        }
    }

    /// A server that requires a token.
    pub(super) fn with_tokens() -> Self {
        Self {
            authenticator: Authenticator::Token(tokens::verifier()),
            credentials: AuthRequest::Token { token: tokens::probe_token().clone() },
            ..Self::long_timeouts()
        }
    }

    /// Adds TLS.
    pub(super) fn with_tls(self) -> Self {
        let authority = Authority::new("test CA");
        Self {
            acceptor: acceptor(authority.server().server_tls()),
            tls: ClientTls::new().only_roots(authority.root()),
            ..self
        }
    }

    /// Sets the timeouts of handshakes and partial messages. No heartbeat or keepalive timeout is
    /// due during an attack.
    fn with_timeouts(timeout: Duration) -> Self {
        Self {
            config: ServerConfig {
                auth_timeout: timeout,
                message_timeout: timeout,
                heartbeat_interval: DAY,
                keepalive_timeout: 3 * DAY,
                ..ServerConfig::default()
            },
            authenticator: Authenticator::None,
            acceptor: AcceptorConfig::Default,
            credentials: AuthRequest::None { client_id: ClientId::new(PROBE) },
            tls: ClientTls::new(),
        }
    }
}

#[cfg(not(feature = "openssl"))]
fn acceptor(settings: ServerTls) -> AcceptorConfig {
    AcceptorConfig::Rustls(simplenet::RustlsAcceptor::new(settings).expect("credentials"))
}

#[cfg(feature = "openssl")]
fn acceptor(settings: ServerTls) -> AcceptorConfig {
    AcceptorConfig::Openssl(simplenet::OpensslAcceptor::new(settings).expect("credentials"))
}
