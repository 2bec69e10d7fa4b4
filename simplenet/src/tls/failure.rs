use thiserror::Error;

/// The reason why a TLS handshake failed.
///
/// On a client, the first six variants are about the server's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The peer's certificate does not lead to a root that this side trusts.
    #[error(
        "certificate is from an unknown issuer: if it is your own, trust its root, on a client by \
         `ClientTls::extra_roots`"
    )]
    UnknownIssuer,
    /// The peer presented the certificate of an authority as its own.
    #[error(
        "certificate is an authority's own (`CA:TRUE`), such as `openssl req -x509` makes: sign one \
         for the server by it, and trust the authority's, or make it by `openssl req -x509` with \
         `basicConstraints` `CA:FALSE`"
    )]
    AuthorityCertificate,
    /// The server's certificate is not for the name in the URL.
    #[error(
        "certificate is not for the server's name: {0}; use its name in the URL, or add the host \
         of the URL to its `subjectAltName`"
    )]
    WrongName(String),
    /// The peer's certificate has expired, or this side's clock is wrong.
    #[error("certificate has expired: renew it, or check the clock of this machine")]
    Expired,
    /// The peer's certificate is not valid yet, or this side's clock is wrong.
    #[error("certificate is not valid yet: check the clock of this machine")]
    NotValidYet,
    /// The peer's certificate is invalid for another reason.
    #[error("invalid certificate: {0}")]
    InvalidCertificate(String),
    /// The server requires a client certificate, and the client presented none.
    #[error("server requires a client certificate: configure one by `ClientTls::identity`")]
    CertificateRequired,
    /// The peer does not accept this side's certificate.
    #[error("peer does not accept this side's certificate: {0}")]
    CertificateRefused(String),
    /// The two sides support no common TLS version, cipher suite or application protocol.
    #[error("no TLS settings in common with the peer: {0}")]
    Incompatible(String),
    /// The peer's data is not TLS.
    #[error("peer does not speak TLS on this port: check whether the URL must be `ws://`")]
    NotTls,
    /// The connection ended during the handshake.
    #[error(
        "connection ended during the TLS handshake ({0}): if the server does not speak TLS on this \
         port, write `ws://`"
    )]
    Interrupted(String),
    /// Another error of the TLS library.
    #[error("{0}")]
    Other(String),
}

#[cfg(feature = "client")]
impl TlsFailure {
    /// Returns the failure without any text of the peer, such as the names in its certificate.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::WrongName(_) => "certificate is not for the server's name".to_owned(),
            other => other.to_string(),
        }
    }
}
