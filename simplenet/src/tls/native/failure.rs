//! The conversion of TLS library errors to [`TlsFailure`].

use std::io;

use crate::tls::TlsFailure;

impl TlsFailure {
    /// Returns the failure of the TLS library inside an IO error. `None`: the IO error contains
    /// none.
    pub(crate) fn from_io(error: &io::Error) -> Option<Self> {
        let error = error.get_ref()?;
        #[cfg(feature = "tls-rustls")]
        if let Some(error) = error.downcast_ref::<tokio_rustls::rustls::Error>() {
            return Some(error.into());
        }
        #[cfg(feature = "tls-openssl")]
        if let Some(error) = error.downcast_ref::<openssl::ssl::Error>() {
            return Some(Self::Other(error.to_string()));
        }
        let _ = error;
        None
    }
}
