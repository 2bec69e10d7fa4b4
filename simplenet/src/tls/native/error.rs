use std::{io, path::PathBuf};

use thiserror::Error;

/// Why certificates and keys cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file could not be read.
    #[error("cannot read {}: {source}", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is damaged, or no text in the form of PEM.
    #[error("{place} is not PEM: {reason}")]
    Pem {
        /// The file, or the way in which it was given.
        place: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A certificate is wanted, and there is none.
    #[error("no certificate in {place}: it needs a PEM section `CERTIFICATE`")]
    NoCertificate {
        /// The file, or the way in which it was given.
        place: String,
    },
    /// A private key is wanted, and there is none.
    #[error("no private key in {place}: it needs a PEM section `PRIVATE KEY`")]
    NoPrivateKey {
        /// The file, or the way in which it was given.
        place: String,
    },
    /// The private key needs a password.
    #[error(
        "the private key in {place} is encrypted: decrypt it first, for example by `openssl pkey`"
    )]
    EncryptedKey {
        /// The file, or the way in which it was given.
        place: String,
    },
    /// A certificate is malformed, or of a kind that is not supported.
    #[error("the certificate in {place} cannot be used: {reason}")]
    Certificate {
        /// The file, or the way in which it was given.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The private key is malformed, or of a kind that is not supported.
    #[error("the private key in {place} cannot be used: {reason}")]
    PrivateKey {
        /// The file, or the way in which it was given.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// They are no pair.
    #[error(
        "the private key in {key} does not belong to the first certificate in {certificates}: \
         the server's own comes first, and both are renewed together"
    )]
    KeyMismatch {
        /// Where the certificates are from.
        certificates: String,
        /// Where the key is from.
        key: String,
    },
    /// This platform has no root certificates to verify servers with.
    #[error("no root certificates of this platform ({0}): install them, or give your own")]
    PlatformRoots(String),
    /// The TLS library refuses.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}
