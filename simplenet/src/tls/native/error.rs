use std::{io, path::PathBuf};

use thiserror::Error;

/// The error of TLS settings that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file could not be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// The path of the file.
        file: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The text is not valid PEM.
    #[error("{place} is not PEM: {reason}")]
    Pem {
        /// The file, or "the given PEM" or "the given DER".
        place: String,
        /// The reason.
        reason: &'static str,
    },
    /// The PEM text or list contains no certificate.
    #[error("no certificate in {place}: add a PEM section `CERTIFICATE`")]
    NoCertificate {
        /// The file, or "the given PEM" or "the given DER".
        place: String,
    },
    /// The PEM text contains no private key.
    #[error("no private key in {place}: add a PEM section `PRIVATE KEY`")]
    NoPrivateKey {
        /// The file, or "the given PEM" or "the given DER".
        place: String,
    },
    /// The private key is encrypted.
    #[error(
        "private key in {place} is encrypted: decrypt it first, for example with `openssl pkey`"
    )]
    EncryptedKey {
        /// The file, or "the given PEM" or "the given DER".
        place: String,
    },
    /// A certificate is malformed or of an unsupported kind.
    #[error("certificate in {place} cannot be used: {reason}")]
    Certificate {
        /// The file, or "the given PEM" or "the given DER".
        place: String,
        /// The reason.
        reason: String,
    },
    /// The private key is malformed or of an unsupported kind.
    #[error("private key in {place} cannot be used: {reason}")]
    PrivateKey {
        /// The file, or "the given PEM" or "the given DER".
        place: String,
        /// The reason.
        reason: String,
    },
    /// The private key does not belong to the certificate.
    #[error(
        "private key in {key} does not belong to the first certificate in {certificates}: \
         put its own certificate first, and renew both together"
    )]
    KeyMismatch {
        /// The file of the certificates, or "the given PEM" or "the given DER".
        certificates: String,
        /// The file of the key, or "the given PEM" or "the given DER".
        key: String,
    },
    /// The root certificates of this platform cannot be loaded, or there are none.
    #[error(
        "cannot load the root certificates of this platform ({0}): \
         install some, or configure your own"
    )]
    PlatformRoots(String),
    /// The TLS library does not accept the settings.
    #[error("cannot set up TLS: {0}")]
    Setup(String),
}
