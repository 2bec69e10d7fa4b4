use std::time::Duration;

use simplenet::{
    AcceptorConfig, AuthRequest, Authenticator, ClientId, ClientTls, Secret, ServerConfig,
    ServerTls,
};

use super::{arena::PROBE, login};
use crate::certificates::Authority;

/// Longer than any attack.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a server is set up against what comes.
pub(super) struct Defence {
    pub(super) config: ServerConfig,
    pub(super) authenticator: Authenticator,
    pub(super) acceptor: AcceptorConfig,
    /// What the honest client shows.
    pub(super) credentials: AuthRequest,
    /// How it knows the server, where that speaks TLS.
    pub(super) tls: ClientTls,
}

impl Defence {
    /// So little patience that an attack sees its end.
    pub(super) fn impatient() -> Self {
        Self::with_patience(Duration::from_millis(300))
    }

    /// Time enough for whoever means to come in.
    pub(super) fn forbearing() -> Self {
        Self::with_patience(Duration::from_secs(3))
    }

    /// So much patience that only what was sent can end a connection.
    pub(super) fn patient() -> Self {
        Self::with_patience(A_DAY)
    }

    /// Patient, and takes only short messages: so little that is none may come between them.
    pub(super) fn terse() -> Self {
        let patient = Self::patient();
        Self { config: ServerConfig { max_msg_size: 64 * 1024, ..patient.config }, ..patient }
    }

    /// Only who knows this may come in.
    pub(super) fn guarded_by_a_secret() -> Self {
        let secret = Secret::new("open sesame");
        Self {
            authenticator: Authenticator::Secret(secret.clone()),
            credentials: AuthRequest::Secret { client_id: ClientId::new(PROBE), secret },
            ..Self::patient()
        }
    }

    /// Only who has a token for this server may come in.
    pub(super) fn guarded_by_tokens() -> Self {
        Self {
            authenticator: Authenticator::Token(login::verifier()),
            credentials: AuthRequest::Token { token: login::probe().clone() },
            ..Self::patient()
        }
    }

    /// This one, under TLS.
    pub(super) fn under_tls(self) -> Self {
        let authority = Authority::new("ours");
        Self {
            acceptor: acceptor(authority.server().server_tls()),
            tls: ClientTls::new().only_roots(authority.root()),
            ..self
        }
    }

    /// No heartbeat comes in between, and nobody is sent away for silence.
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
