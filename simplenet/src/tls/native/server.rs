use std::path::PathBuf;

use super::{Certificates, PrivateKey};

/// The TLS settings of a server: its certificate and private key, and whether clients need
/// certificates.
///
/// TLS 1.2 and 1.3 are supported, with `http/1.1` in ALPN. See
/// [`AcceptorConfig`](crate::AcceptorConfig) for the acceptors.
#[derive(Clone, Debug)]
pub struct ServerTls {
    pub(super) certificates: Certificates,
    pub(super) key: PrivateKey,
    pub(super) clients: ClientCertificates,
}

/// Whether the server requests client certificates, and the roots that they must lead to.
#[derive(Clone, Debug)]
pub(super) enum ClientCertificates {
    NotRequested,
    Optional(Certificates),
    Required(Certificates),
}

impl ServerTls {
    /// Creates settings from the server's certificate, followed by its intermediates, and the
    /// private key.
    pub fn new(certificates: Certificates, key: PrivateKey) -> Self {
        Self { certificates, key, clients: ClientCertificates::NotRequested }
    }

    /// Like [`new`](Self::new), with two PEM files. Both can be the same file.
    pub fn pem_files(certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self::new(Certificates::pem_file(certificates), PrivateKey::pem_file(key))
    }

    /// Requests client certificates that lead to one of these roots. Clients without a certificate
    /// are accepted as well.
    ///
    /// The certificate is in [`Peer::tls`](crate::Peer::tls). It is verified at every connect,
    /// because a server that requests client certificates resumes no TLS sessions.
    pub fn optional_client_certificates(self, roots: Certificates) -> Self {
        Self { clients: ClientCertificates::Optional(roots), ..self }
    }

    /// Like [`optional_client_certificates`](Self::optional_client_certificates), but refuses
    /// clients without a certificate.
    pub fn require_client_certificates(self, roots: Certificates) -> Self {
        Self { clients: ClientCertificates::Required(roots), ..self }
    }
}
