use std::{fmt, sync::Arc};

use bytes::Bytes;

/// Who a client is by its certificate, which has been verified against the roots that the server trusts.
///
/// What the certificate says is for the application to read, with a parser of its choice, or to compare with what it knows.
#[derive(Clone, PartialEq, Eq)]
pub struct TlsIdentity(Arc<[Bytes]>);

impl TlsIdentity {
    /// `None` without a certificate.
    #[cfg(all(any(feature = "tls-rustls", feature = "tls-openssl"), not(target_arch = "wasm32")))]
    pub(super) fn new(chain: impl IntoIterator<Item = Bytes>) -> Option<Self> {
        let chain: Arc<[Bytes]> = chain.into_iter().collect();
        (!chain.is_empty()).then_some(Self(chain))
    }

    /// The client's certificate, in DER.
    pub fn certificate(&self) -> &[u8] {
        self.0.first().map_or(&[], |certificate| certificate)
    }

    /// The certificates that the client presented, in DER: its own first, then those that lead to a root.
    pub fn chain(&self) -> &[Bytes] {
        &self.0
    }
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlsIdentity({} certificates)", self.0.len())
    }
}
