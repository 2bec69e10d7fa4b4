use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret that client and server share.
///
/// The secret is never printed. It is compared in constant time, and wiped from memory when it is
/// dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The maximum length of a secret that a client can present, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Creates a secret from its bytes.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    #[cfg(feature = "client")]
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Returns whether `presented` equals the secret. The duration depends on the lengths only.
    pub fn matches(&self, presented: &[u8]) -> bool {
        self.0.as_slice().ct_eq(presented).into()
    }
}

/// The duration of a comparison depends on the lengths only.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.matches(&other.0)
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
