//! The parts of rustls that server and client share, and the server's acceptor.

#[cfg(feature = "server")]
mod acceptor;
mod certificate_words;
mod failure;

use std::sync::Arc;

use tokio_rustls::rustls::{
    ConnectionCommon, Error, InconsistentKeys, RootCertStore,
    crypto::{CryptoProvider, ring},
    sign::{CertifiedKey, SingleCertAndKey},
};

#[cfg(feature = "server")]
pub use self::acceptor::RustlsAcceptor;
pub(super) use self::certificate_words::own_words;
use super::{Certificates, PrivateKey, TlsError};

/// Returns the ring provider. The process-wide default of rustls may be another provider.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Loads the roots that a peer's certificate must lead to.
pub(super) fn root_store(roots: &Certificates) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for root in roots.load()? {
        store.add(root).map_err(|error| certificate_error(roots, &error))?;
    }
    Ok(store)
}

/// Loads this side's certificate and its private key, and checks that they match.
pub(super) fn certified_key(
    certificates: &Certificates,
    key: &PrivateKey,
    provider: &CryptoProvider,
) -> Result<Arc<SingleCertAndKey>, TlsError> {
    let signing_key = provider
        .key_provider
        .load_private_key(key.load()?)
        .map_err(|error| TlsError::PrivateKey { place: key.place(), reason: own_words(&error) })?;
    let certified = CertifiedKey::new(certificates.load()?, signing_key);
    match certified.keys_match() {
        // Some keys cannot be compared with a certificate. A mismatch then fails the handshake.
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => {
            Ok(Arc::new(certified.into()))
        }
        Err(Error::InconsistentKeys(_)) => {
            Err(TlsError::KeyMismatch { certificates: certificates.place(), key: key.place() })
        }
        Err(error) => Err(certificate_error(certificates, &error)),
    }
}

fn certificate_error(certificates: &Certificates, error: &Error) -> TlsError {
    TlsError::Certificate { place: certificates.place(), reason: own_words(error) }
}

pub(super) fn setup_error(error: impl ToString) -> TlsError {
    TlsError::Setup(error.to_string())
}

/// Bounds the data that rustls buffers for writing. The outbox buffers the rest, with its own
/// limit.
pub(super) fn limit_buffers<D>(connection: &mut ConnectionCommon<D>) {
    const BUFFER: usize = 16 * 1024;
    connection.set_buffer_limit(Some(BUFFER));
}
