use std::time::Duration;

use simplenet::{AuthRequest, Authenticator, ClientId, Secret, ServerConfig};

use super::arena::PROBE;

/// How a server is set up against what comes.
pub(super) struct Defence {
    pub(super) config: ServerConfig,
    pub(super) authenticator: Authenticator,
    /// What the honest client has to show.
    pub(super) credentials: AuthRequest,
}

impl Defence {
    /// So little patience that an attack sees its end.
    pub(super) fn impatient() -> Self {
        Self::with_patience(Duration::from_millis(300))
    }

    /// So much patience that only what was sent can end a connection.
    pub(super) fn patient() -> Self {
        Self::with_patience(Duration::from_secs(24 * 60 * 60))
    }

    /// Patient, and takes only short messages: so little that is none may come between them.
    pub(super) fn terse() -> Self {
        let patient = Self::patient();
        Self { config: ServerConfig { max_msg_size: 64 * 1024, ..patient.config }, ..patient }
    }

    /// Time enough for whoever means to come in.
    pub(super) fn forbearing() -> Self {
        Self::with_patience(Duration::from_secs(3))
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

    fn with_patience(patience: Duration) -> Self {
        Self {
            config: ServerConfig {
                auth_timeout: patience,
                message_timeout: patience,
                ..ServerConfig::default()
            },
            authenticator: Authenticator::None,
            credentials: AuthRequest::None { client_id: ClientId::new(PROBE) },
        }
    }
}
