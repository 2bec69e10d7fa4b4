//! What server and client have in common under rustls, and the server's half.

#[cfg(feature = "server")]
mod acceptor;
mod failure;

use std::sync::Arc;

use tokio_rustls::rustls::{
    ConnectionCommon, Error, InconsistentKeys, RootCertStore,
    crypto::{CryptoProvider, ring},
    sign::{CertifiedKey, SingleCertAndKey},
};

#[cfg(feature = "server")]
pub use self::acceptor::RustlsAcceptor;
use super::{Certificates, PrivateKey, TlsError};

/// Chosen by name: a program may use rustls with another provider elsewhere.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Certificates that a peer must lead to.
pub(super) fn root_store(roots: &Certificates) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for root in roots.load()? {
        store.add(root).map_err(|error| unusable(roots, &error))?;
    }
    Ok(store)
}

/// What this side shows: a certificate and the key that belongs to it.
pub(super) fn certified_key(
    certificates: &Certificates,
    key: &PrivateKey,
    provider: &CryptoProvider,
) -> Result<Arc<SingleCertAndKey>, TlsError> {
    let signing_key = provider
        .key_provider
        .load_private_key(key.load()?)
        .map_err(|error| TlsError::PrivateKey { place: key.place(), reason: error.to_string() })?;
    let certified = CertifiedKey::new(certificates.load()?, signing_key);
    match certified.keys_match() {
        // A key that cannot tell is tried out by the peers.
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => {
            Ok(Arc::new(certified.into()))
        }
        Err(Error::InconsistentKeys(_)) => {
            Err(TlsError::KeyMismatch { certificates: certificates.place(), key: key.place() })
        }
        Err(error) => Err(unusable(certificates, &error)),
    }
}

fn unusable(certificates: &Certificates, error: &Error) -> TlsError {
    TlsError::Certificate { place: certificates.place(), reason: error.to_string() }
}

pub(super) fn setup(error: impl ToString) -> TlsError {
    TlsError::Setup(error.to_string())
}

/// What may wait in a connection to be written: the outbox is what waits, and is bounded, elsewhere.
pub(super) fn limit_buffers<D>(connection: &mut ConnectionCommon<D>) {
    const BUFFER: usize = 16 * 1024;
    connection.set_buffer_limit(Some(BUFFER));
}
