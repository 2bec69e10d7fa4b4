use tokio_rustls::rustls::{CertificateError, Error};

/// Returns the reason why a certificate is invalid, in words without text of the certificate. The
/// TLS library has only the names of its variants.
pub(super) fn certificate_words(error: &CertificateError) -> String {
    use CertificateError as E;
    let text = match error {
        E::BadEncoding => "it is malformed",
        E::Revoked => "its authority has revoked it",
        E::UnhandledCriticalExtension => "it has a critical extension that is not supported",
        E::BadSignature => {
            "its signature is wrong: the authority may have a new key under its old name, so trust \
             its present root"
        }
        E::UnsupportedSignatureAlgorithmContext { .. }
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "its signature algorithm is not supported: sign it by ECDSA, Ed25519, or RSA with \
             SHA-256 and at least 2048 bits"
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            "it is not issued for this side of a connection: sign it with `extendedKeyUsage` \
             `serverAuth` for a server, or `clientAuth` for a client"
        }
        E::Other(error) => return other_words(error.0.downcast_ref()),
        _ => "it is rejected by the verifier",
    };
    text.to_owned()
}

fn other_words(error: Option<&webpki::Error>) -> String {
    use webpki::Error as E;
    let text = match error {
        Some(E::CaUsedAsEndEntity) => "it is an authority's own certificate",
        Some(E::EndEntityUsedAsCa) => {
            "it is signed by a certificate that is no authority's: sign it by one with \
             `basicConstraints` `CA:TRUE`"
        }
        Some(E::UnsupportedCertVersion) => {
            "it has the outdated version 1 of X.509: sign it with an extension such as \
             `subjectAltName`, by `openssl x509 -req -extfile`"
        }
        Some(E::NameConstraintViolation) => "its authority may not issue it for its names",
        Some(E::PathLenConstraintViolated | E::MaximumPathDepthExceeded) => {
            "there are too many certificates between it and its root"
        }
        Some(E::UnsupportedCriticalExtension) => {
            "it has a critical extension that is not supported"
        }
        Some(E::SignatureAlgorithmMismatch | E::MalformedExtensions | E::ExtensionValueInvalid) => {
            "it is malformed"
        }
        Some(E::InvalidSerialNumber) => "its serial number is zero, negative or too long",
        Some(E::CertDistrusted) => "it is distrusted",
        _ => "it is rejected by the verifier",
    };
    text.to_owned()
}

/// Returns the reason why rustls does not accept a certificate or key of this side.
pub(in crate::tls::native) fn own_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its issuer is unknown".to_owned()
        }
        Error::InvalidCertificate(error) => certificate_words(error),
        Error::General(text) => text.clone(),
        _ => "the TLS library does not accept it".to_owned(),
    }
}
