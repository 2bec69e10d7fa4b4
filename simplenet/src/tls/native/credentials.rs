use std::{fmt, fs, path::PathBuf};

use bytes::Bytes;
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};
use zeroize::Zeroizing;

use super::TlsError;

/// A source of certificates: a PEM file, or bytes. A file is read when a client or acceptor is
/// created, and again at a reload.
#[derive(Clone, Debug)]
pub struct Certificates(CertificateSource);

#[derive(Clone, Debug)]
enum CertificateSource {
    PemFile(PathBuf),
    Pem(Bytes),
    Der(Vec<CertificateDer<'static>>),
}

impl Certificates {
    /// Uses all `CERTIFICATE` sections of a PEM file.
    pub fn pem_file(path: impl Into<PathBuf>) -> Self {
        Self(CertificateSource::PemFile(path.into()))
    }

    /// Uses all `CERTIFICATE` sections of a PEM text.
    pub fn pem(text: impl Into<Vec<u8>>) -> Self {
        Self(CertificateSource::Pem(Bytes::from(text.into())))
    }

    /// Uses certificates in DER.
    pub fn der(certificates: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let certificates = certificates.into_iter();
        Self(CertificateSource::Der(
            certificates.map(|der| CertificateDer::from(der.into())).collect(),
        ))
    }

    /// Loads the certificates, at least one.
    pub(super) fn load(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let certificates = match &self.0 {
            CertificateSource::PemFile(path) => self.parse(&read(path)?)?,
            CertificateSource::Pem(text) => self.parse(text)?,
            CertificateSource::Der(certificates) => certificates.clone(),
        };
        if certificates.is_empty() {
            return Err(TlsError::NoCertificate { place: self.place() });
        }
        Ok(certificates)
    }

    fn parse(&self, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        CertificateDer::pem_slice_iter(text)
            .collect::<Result<_, _>>()
            .map_err(|error| malformed(self.place(), &error))
    }

    /// Returns the name of the source for errors.
    pub(super) fn place(&self) -> String {
        match &self.0 {
            CertificateSource::PemFile(path) => path.display().to_string(),
            CertificateSource::Pem(_) => GIVEN_PEM.to_owned(),
            CertificateSource::Der(_) => GIVEN_DER.to_owned(),
        }
    }
}

/// A source of a private key: a PEM file, or bytes. A file is read when a client or acceptor is
/// created, and again at a reload. The key is never printed.
///
/// PKCS#8, PKCS#1 and SEC1 are supported. Encrypted keys are not.
#[derive(Clone)]
pub struct PrivateKey(KeySource);

#[derive(Clone)]
enum KeySource {
    PemFile(PathBuf),
    Pem(Zeroizing<Vec<u8>>),
    Der(Zeroizing<Vec<u8>>),
}

impl PrivateKey {
    /// Uses the first private key of a PEM file.
    pub fn pem_file(path: impl Into<PathBuf>) -> Self {
        Self(KeySource::PemFile(path.into()))
    }

    /// Uses the first private key of a PEM text.
    pub fn pem(text: impl Into<Vec<u8>>) -> Self {
        Self(KeySource::Pem(Zeroizing::new(text.into())))
    }

    /// Uses a private key in DER.
    pub fn der(key: impl Into<Vec<u8>>) -> Self {
        Self(KeySource::Der(Zeroizing::new(key.into())))
    }

    pub(super) fn load(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        match &self.0 {
            KeySource::PemFile(path) => self.parse(&read(path)?),
            KeySource::Pem(text) => self.parse(text),
            KeySource::Der(der) => {
                PrivateKeyDer::try_from(der.as_slice()).map(|key| key.clone_key()).map_err(
                    |reason| TlsError::PrivateKey { place: self.place(), reason: reason.into() },
                )
            }
        }
    }

    fn parse(&self, text: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
        let place = self.place();
        match PrivateKeyDer::from_pem_slice(text) {
            Ok(key) => Ok(key),
            Err(_) if is_encrypted(text) => Err(TlsError::EncryptedKey { place }),
            Err(pem::Error::NoItemsFound) => Err(TlsError::NoPrivateKey { place }),
            Err(error) => Err(malformed(place, &error)),
        }
    }

    /// Returns the name of the source for errors.
    pub(super) fn place(&self) -> String {
        match &self.0 {
            KeySource::PemFile(path) => path.display().to_string(),
            KeySource::Pem(_) => GIVEN_PEM.to_owned(),
            KeySource::Der(_) => GIVEN_DER.to_owned(),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.place())
    }
}

const GIVEN_PEM: &str = "the given PEM";

const GIVEN_DER: &str = "the given DER";

fn read(path: &PathBuf) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    match fs::read(path) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(source) => Err(TlsError::Read { file: path.clone(), source }),
    }
}

/// Encrypted keys have `ENCRYPTED` in the section's name, or in a header of an older format.
fn is_encrypted(text: &[u8]) -> bool {
    const WORD: &[u8] = b"ENCRYPTED";
    text.windows(WORD.len()).any(|window| window == WORD)
}

/// Returns an error that does not quote the text, because it may be a private key.
fn malformed(place: String, error: &pem::Error) -> TlsError {
    let reason = match error {
        pem::Error::MissingSectionEnd { .. } => "a section does not end",
        pem::Error::IllegalSectionStart { .. } => "the first line of a section is malformed",
        pem::Error::Base64Decode(_) => "a section is not base64",
        _ => "a section is malformed",
    };
    TlsError::Pem { place, reason }
}
