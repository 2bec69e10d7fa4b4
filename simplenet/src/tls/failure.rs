use thiserror::Error;

/// Why two sides did not come together under TLS.
///
/// On a client, the first five are about the certificate that the server shows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The other side's certificate does not lead to a root that this side trusts.
    #[error("the certificate is from an unknown issuer: trust its root, if it is your own")]
    UnknownIssuer,
    /// The server's certificate is for other names than that in the URL.
    #[error("the certificate is not for the server's name: {0}")]
    WrongName(String),
    /// The other side's certificate is too old, or this side's clock is wrong.
    #[error("the certificate has expired: renew it, or check the clock")]
    Expired,
    /// The other side's certificate is of the future, or this side's clock is wrong.
    #[error("the certificate is not valid yet: check the clock")]
    NotValidYet,
    /// The other side's certificate cannot be accepted for another reason.
    #[error("the certificate cannot be accepted: {0}")]
    InvalidCertificate(String),
    /// The server takes clients with a certificate only.
    #[error("the server requires a client certificate: give one")]
    CertificateRequired,
    /// The other side does not accept this side's certificate.
    #[error("the other side does not accept this side's certificate: {0}")]
    CertificateRefused(String),
    /// There is no version of TLS, cipher, or protocol under it that both sides have.
    #[error("nothing in common with the other side: {0}")]
    Incompatible(String),
    /// What came is not TLS.
    #[error("the other side does not speak TLS here: is it `ws://`?")]
    NotTls,
    /// The connection ended before the handshake did.
    #[error(
        "the connection ended during the TLS handshake ({0}): does the other side speak TLS here?"
    )]
    Interrupted(String),
    /// What the TLS library says.
    #[error("{0}")]
    Other(String),
}
