//! What the TLS libraries say, in the words of [`TlsFailure`].

use std::io;

use crate::tls::TlsFailure;

impl TlsFailure {
    /// `None` if the error is not about TLS.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
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
