use std::fmt;

#[cfg(feature = "server")]
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret that client and server share: never printed, wiped when dropped, compared in constant time.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The longest secret that a client can present, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Takes the secret's bytes.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    #[cfg(feature = "client")]
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }

    /// In a time that depends on the lengths only.
    #[cfg(feature = "server")]
    pub(crate) fn matches(&self, presented: &[u8]) -> bool {
        self.0.as_slice().ct_eq(presented).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
