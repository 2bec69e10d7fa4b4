use std::time::Duration;

use simplenet::{
    AcceptorConfig, AuthRequest, Authenticator, ClientId, ClientTls, Secret, ServerConfig,
    ServerTls,
};

use super::{harness::PROBE, login};
use crate::certificates::Authority;

/// A time limit beyond the duration of any attack.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

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
        Self::with_patience(Duration::from_millis(300))
    }

    /// Long enough for a client to connect.
    pub(super) fn forbearing() -> Self {
        Self::with_patience(Duration::from_secs(3))
    }

    /// Long timeouts, for attacks that only the sent bytes can end.
    pub(super) fn long_timeouts() -> Self {
        Self::with_patience(A_DAY)
    }

    /// Long timeouts and a small message limit, which also limits the bytes between messages.
    pub(super) fn terse() -> Self {
        let long_timeouts = Self::long_timeouts();
        Self {
            config: ServerConfig { max_msg_size: 64 * 1024, ..long_timeouts.config },
            ..long_timeouts
        }
    }

    /// A server that requires a secret.
    pub(super) fn guarded_by_a_secret() -> Self {
        let secret = Secret::new("open sesame");
        Self {
            authenticator: Authenticator::Secret(secret.clone()),
            credentials: AuthRequest::Secret { client_id: ClientId::new(PROBE), secret },
            ..Self::long_timeouts()
        }
    }

    /// A server that requires a token.
    pub(super) fn guarded_by_tokens() -> Self {
        Self {
            authenticator: Authenticator::Token(login::verifier()),
            credentials: AuthRequest::Token { token: login::probe().clone() },
            ..Self::long_timeouts()
        }
    }

    /// The same configuration under TLS.
    pub(super) fn under_tls(self) -> Self {
        let authority = Authority::new("ours");
        Self {
            acceptor: acceptor(authority.server().server_tls()),
            tls: ClientTls::new().only_roots(authority.root()),
            ..self
        }
    }

    /// Without heartbeats and keepalive timeouts.
    fn with_patience(patience: Duration) -> Self {
        Self {
            config: ServerConfig {
                auth_timeout: patience,
                message_timeout: patience,
                heartbeat_interval: A_DAY,
                keepalive_timeout: 3 * A_DAY,
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
