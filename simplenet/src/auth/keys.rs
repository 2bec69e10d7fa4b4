use std::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{
    Signature, Signer, SigningKey, VerifyingKey,
    pkcs8::{
        DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes,
        spki::der::pem::LineEnding,
    },
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{KeyId, TokenError};

/// The private key that signs tokens. Only the issuer of the tokens has it, such as a login
/// service.
///
/// The key is never printed. It is wiped from memory when it is dropped. `FromStr` parses both of
/// its text forms: PEM (PKCS#8, the output of `openssl genpkey -algorithm ed25519`) and URL-safe
/// base64 of its 32 bytes.
#[derive(Clone)]
pub struct AuthSigningKey(SigningKey);

/// The public key that verifies tokens. The servers have it.
///
/// `FromStr` parses both of its text forms: PEM (SPKI) and URL-safe base64 of its 32 bytes.
/// `Display` and serde write the base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuthVerifyingKey(VerifyingKey);

/// The error of a text that is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is not an Ed25519 private key.
    #[error(
        "not a private key: expected PEM of PKCS#8 with an Ed25519 key, or URL-safe base64 of 32 bytes"
    )]
    Signing,
    /// The text is not an Ed25519 public key, or the key is weak: signatures for it can be forged.
    #[error(
        "not a public key: expected PEM of SPKI with an Ed25519 key, or URL-safe base64 of 32 bytes"
    )]
    Verifying,
}

/// Generates a pair of keys: the private key signs tokens, the public key verifies them.
///
/// ```
/// let (signing_key, verifying_key) = simplenet::generate_auth_token_keys()?;
/// assert_eq!(signing_key.verifying_key(), verifying_key);
///
/// // The login service stores the private key, and the servers the public one.
/// let restored: simplenet::AuthSigningKey = signing_key.to_pem().parse()?;
/// assert_eq!(restored.verifying_key(), verifying_key);
/// assert_eq!(verifying_key.to_string().parse(), Ok(verifying_key));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`TokenError::Randomness`], if the operating system provides no random bytes.
pub fn generate_auth_token_keys() -> Result<(AuthSigningKey, AuthVerifyingKey), TokenError> {
    let signing = AuthSigningKey(SigningKey::from_bytes(&*random_bytes()?));
    let verifying = signing.verifying_key();
    Ok((signing, verifying))
}

/// Returns unpredictable bytes from the operating system.
pub(super) fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, TokenError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|error| TokenError::Randomness(error.to_string()))?;
    Ok(bytes)
}

impl AuthSigningKey {
    /// Returns the public key.
    pub fn verifying_key(&self) -> AuthVerifyingKey {
        AuthVerifyingKey(self.0.verifying_key())
    }

    /// Returns the key as PEM of PKCS#8, which other tools can read. The text is secret.
    pub fn to_pem(&self) -> String {
        // The PEM omits the public key. OpenSSL 3.0 and others cannot read the form with both keys.
        let key = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = key.to_pkcs8_pem(LineEnding::LF);
        #[expect(clippy::expect_used, reason = "the encoding of 32 bytes has a fixed size")]
        let pem = pem.expect("the key has a fixed size");
        pem.to_string()
    }

    /// Creates a key from its 32 bytes, the seed of RFC 8032.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// Returns the 32 bytes of the key, which are secret.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Returns the 32 bytes of the key as URL-safe base64. The text is secret.
    pub fn to_base64(&self) -> String {
        Base64UrlUnpadded::encode_string(self.0.as_bytes())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl FromStr for AuthSigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let key = if is_pem(text) {
            SigningKey::from_pkcs8_pem(text.trim()).ok()
        } else {
            decode_base64(text).map(|bytes| SigningKey::from_bytes(&bytes))
        };
        key.map(Self).ok_or(KeyError::Signing)
    }
}

impl fmt::Debug for AuthSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthSigningKey({})", self.verifying_key().id())
    }
}

impl AuthVerifyingKey {
    /// Returns the id of the key. A token contains the id of the key that signed it.
    pub fn id(&self) -> KeyId {
        let hash: [u8; 32] = Sha256::digest(self.0.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        KeyId::from([a, b, c, d, e, f, g, h])
    }

    /// Creates a key from its 32 bytes, the encoding of RFC 8032.
    ///
    /// # Errors
    ///
    /// [`KeyError::Verifying`], if the bytes are not a key, or the key is weak.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        Self::checked(VerifyingKey::from_bytes(bytes).ok())
    }

    /// Returns the 32 bytes of the key.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    fn checked(key: Option<VerifyingKey>) -> Result<Self, KeyError> {
        key.filter(|key| !key.is_weak()).map(Self).ok_or(KeyError::Verifying)
    }

    /// Returns the key as PEM of SPKI, which other tools can read.
    pub fn to_pem(&self) -> String {
        let pem = self.0.to_public_key_pem(LineEnding::LF);
        #[expect(clippy::expect_used, reason = "the encoding of 32 bytes has a fixed size")]
        pem.expect("the key has a fixed size")
    }

    /// Returns whether this key verifies the signature, which must be in canonical form.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for AuthVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64UrlUnpadded::encode_string(self.0.as_bytes()))
    }
}

impl fmt::Debug for AuthVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthVerifyingKey({self})")
    }
}

impl FromStr for AuthVerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::checked(if is_pem(text) {
            VerifyingKey::from_public_key_pem(text.trim()).ok()
        } else {
            decode_base64(text).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        })
    }
}

impl Serialize for AuthVerifyingKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AuthVerifyingKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

fn is_pem(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN")
}

fn decode_base64(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    let length = Base64UrlUnpadded::decode(text.trim(), &mut *bytes).ok()?.len();
    (length == bytes.len()).then_some(bytes)
}
