use std::path::PathBuf;

use super::{Certificates, PrivateKey};

/// What a server shows its clients under TLS, and what it wants of them.
///
/// TLS 1.2 and 1.3; what is spoken is `http/1.1`.
#[derive(Clone, Debug)]
pub struct ServerTls {
    pub(super) certificates: Certificates,
    pub(super) key: PrivateKey,
    pub(super) clients: ClientCertificates,
}

/// Whether clients show certificates, and the roots that these must lead to.
#[derive(Clone, Debug)]
pub(super) enum ClientCertificates {
    NotAsked,
    Optional(Certificates),
    Required(Certificates),
}

impl ServerTls {
    /// The server's certificate, with those that lead to a root behind it, and its private key.
    pub fn new(certificates: Certificates, key: PrivateKey) -> Self {
        Self { certificates, key, clients: ClientCertificates::NotAsked }
    }

    /// As [`new`](Self::new), from two PEM files, which may be one and the same.
    pub fn pem_files(certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self::new(Certificates::pem_file(certificates), PrivateKey::pem_file(key))
    }

    /// Asks clients for a certificate that leads to one of these roots, and takes clients without one too. The
    /// certificate is in [`Peer::tls`](crate::Peer::tls). It is verified at every connect: no TLS session is resumed.
    pub fn optional_client_certificates(self, roots: Certificates) -> Self {
        Self { clients: ClientCertificates::Optional(roots), ..self }
    }

    /// As [`optional_client_certificates`](Self::optional_client_certificates), but refuses clients without one.
    pub fn require_client_certificates(self, roots: Certificates) -> Self {
        Self { clients: ClientCertificates::Required(roots), ..self }
    }
}
