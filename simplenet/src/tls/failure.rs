use thiserror::Error;

/// The reason why a TLS handshake failed.
///
/// On a client, the first five variants are about the server's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The peer's certificate does not lead to a root that this side trusts.
    #[error("certificate is from an unknown issuer: if it is your own, trust its root")]
    UnknownIssuer,
    /// The server's certificate is not for the name in the URL.
    #[error("certificate is not for the server's name: {0}")]
    WrongName(String),
    /// The peer's certificate has expired, or this side's clock is wrong.
    #[error("certificate has expired: renew it, or check the clock")]
    Expired,
    /// The peer's certificate is not valid yet, or this side's clock is wrong.
    #[error("certificate is not valid yet: check the clock")]
    NotValidYet,
    /// The peer's certificate is invalid for another reason.
    #[error("invalid certificate: {0}")]
    InvalidCertificate(String),
    /// The server requires a client certificate, and the client presented none.
    #[error("server requires a client certificate: configure one")]
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
        "connection ended during the TLS handshake ({0}): \
         check whether the peer speaks TLS on this port"
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
            Self::InvalidCertificate(_) => "invalid certificate".to_owned(),
            Self::CertificateRefused(_) => {
                "peer does not accept this side's certificate".to_owned()
            }
            Self::Incompatible(_) => "no TLS settings in common with the peer".to_owned(),
            Self::Other(_) => "an error of the TLS library".to_owned(),
            Self::UnknownIssuer
            | Self::Expired
            | Self::NotValidYet
            | Self::CertificateRequired
            | Self::NotTls
            | Self::Interrupted(_) => self.to_string(),
        }
    }
}
