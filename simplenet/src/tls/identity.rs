use std::{fmt, sync::Arc};

use bytes::Bytes;

/// The verified certificate of a client, with its intermediates. The chain leads to a root that the
/// server trusts.
///
/// The application can parse the certificate with a library of its choice, or compare its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct TlsIdentity(Arc<[Bytes]>);

impl TlsIdentity {
    /// Returns `None` if the chain is empty.
    #[cfg(all(any(feature = "tls-rustls", feature = "tls-openssl"), not(target_arch = "wasm32")))]
    pub(super) fn new(chain: impl IntoIterator<Item = Bytes>) -> Option<Self> {
        let chain: Arc<[Bytes]> = chain.into_iter().collect();
        (!chain.is_empty()).then_some(Self(chain))
    }

    /// Returns the client's certificate, in DER.
    pub fn certificate(&self) -> &[u8] {
        self.0.first().map_or(&[], |certificate| certificate)
    }

    /// Returns the certificates that the client presented, in DER: its own first, then its
    /// intermediates.
    pub fn chain(&self) -> &[Bytes] {
        &self.0
    }
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlsIdentity({} certificates)", self.0.len())
    }
}
