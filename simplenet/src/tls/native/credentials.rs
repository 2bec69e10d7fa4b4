use std::{fmt, fs, path::PathBuf};

use bytes::Bytes;
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};
use zeroize::Zeroizing;

use super::TlsError;

/// Certificates, by where they are: they are read when they are needed, and again when they are to be reloaded.
#[derive(Clone, Debug)]
pub struct Certificates(Certified);

#[derive(Clone, Debug)]
enum Certified {
    PemFile(PathBuf),
    Pem(Bytes),
    Der(Vec<CertificateDer<'static>>),
}

impl Certificates {
    /// All sections `CERTIFICATE` of a PEM file.
    pub fn pem_file(path: impl Into<PathBuf>) -> Self {
        Self(Certified::PemFile(path.into()))
    }

    /// All sections `CERTIFICATE` of a text in the form of PEM.
    pub fn pem(text: impl Into<Vec<u8>>) -> Self {
        Self(Certified::Pem(Bytes::from(text.into())))
    }

    /// Certificates in DER.
    pub fn der(certificates: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let certificates = certificates.into_iter();
        Self(Certified::Der(certificates.map(|der| CertificateDer::from(der.into())).collect()))
    }

    /// At least one.
    pub(super) fn load(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let certificates = match &self.0 {
            Certified::PemFile(path) => self.parse(&read(path)?)?,
            Certified::Pem(text) => self.parse(text)?,
            Certified::Der(certificates) => certificates.clone(),
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

    /// What an error calls it.
    pub(super) fn place(&self) -> String {
        match &self.0 {
            Certified::PemFile(path) => path.display().to_string(),
            Certified::Pem(_) => GIVEN_PEM.to_owned(),
            Certified::Der(_) => GIVEN_DER.to_owned(),
        }
    }
}

/// A private key, by where it is: it is read when it is needed, and again when it is to be reloaded. Never printed.
///
/// In PKCS#8, PKCS#1 or SEC1, and not encrypted.
#[derive(Clone)]
pub struct PrivateKey(Key);

#[derive(Clone)]
enum Key {
    PemFile(PathBuf),
    Pem(Zeroizing<Vec<u8>>),
    Der(Zeroizing<Vec<u8>>),
}

impl PrivateKey {
    /// The first private key of a PEM file.
    pub fn pem_file(path: impl Into<PathBuf>) -> Self {
        Self(Key::PemFile(path.into()))
    }

    /// The first private key of a text in the form of PEM.
    pub fn pem(text: impl Into<Vec<u8>>) -> Self {
        Self(Key::Pem(Zeroizing::new(text.into())))
    }

    /// A private key in DER.
    pub fn der(key: impl Into<Vec<u8>>) -> Self {
        Self(Key::Der(Zeroizing::new(key.into())))
    }

    pub(super) fn load(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        match &self.0 {
            Key::PemFile(path) => self.parse(&read(path)?),
            Key::Pem(text) => self.parse(text),
            Key::Der(der) => {
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

    /// What an error calls it.
    pub(super) fn place(&self) -> String {
        match &self.0 {
            Key::PemFile(path) => path.display().to_string(),
            Key::Pem(_) => GIVEN_PEM.to_owned(),
            Key::Der(_) => GIVEN_DER.to_owned(),
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

/// By the name of its section, or by a header in it, as older tools write it.
fn is_encrypted(text: &[u8]) -> bool {
    const WORD: &[u8] = b"ENCRYPTED";
    text.windows(WORD.len()).any(|window| window == WORD)
}

/// Says what is wrong without a word of what is there: it may be a key.
fn malformed(place: String, error: &pem::Error) -> TlsError {
    let reason = match error {
        pem::Error::MissingSectionEnd { .. } => "a section does not end",
        pem::Error::IllegalSectionStart { .. } => "the first line of a section is malformed",
        pem::Error::Base64Decode(_) => "a section is not base64",
        _ => "a section is malformed",
    };
    TlsError::Pem { place, reason }
}
