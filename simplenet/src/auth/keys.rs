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

/// Signs tokens: the private half of a pair, kept by whoever lets clients in, such as a login service.
///
/// Never printed, and wiped when dropped. Reads both of its text forms by `FromStr`: PEM (PKCS#8, as
/// `openssl genpkey -algorithm ed25519` writes it) and URL-safe base64 of its 32 bytes.
#[derive(Clone)]
pub struct AuthSigningKey(SigningKey);

/// Verifies tokens: the public half of a pair, given to servers.
///
/// Reads both of its text forms by `FromStr`: PEM (SPKI) and URL-safe base64 of its 32 bytes, which is also what
/// `Display` and serde write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuthVerifyingKey(VerifyingKey);

/// Why a key cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It is no private key for Ed25519.
    #[error(
        "not a private key: expected PEM of PKCS#8 with an Ed25519 key, or URL-safe base64 of 32 bytes"
    )]
    Signing,
    /// It is no public key for Ed25519, or one that everybody can sign for.
    #[error(
        "not a public key: expected PEM of SPKI with an Ed25519 key, or URL-safe base64 of 32 bytes"
    )]
    Verifying,
}

/// A new pair of keys: the private one signs tokens, the public one verifies them.
///
/// # Errors
///
/// [`TokenError::Randomness`], if the operating system has none to give.
pub fn generate_auth_token_keys() -> Result<(AuthSigningKey, AuthVerifyingKey), TokenError> {
    let signing = AuthSigningKey(SigningKey::from_bytes(&*random()?));
    let verifying = signing.verifying_key();
    Ok((signing, verifying))
}

/// Unpredictable bytes, from the operating system.
pub(super) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, TokenError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|error| TokenError::Randomness(error.to_string()))?;
    Ok(bytes)
}

impl AuthSigningKey {
    /// The public half.
    pub fn verifying_key(&self) -> AuthVerifyingKey {
        AuthVerifyingKey(self.0.verifying_key())
    }

    /// PEM of PKCS#8, as other tools read it. It is the key: keep it where nobody else can read it.
    pub fn to_pem(&self) -> String {
        // Without the public half, because OpenSSL 3.0 and others do not read the form that has it.
        let key = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = key.to_pkcs8_pem(LineEnding::LF);
        #[expect(clippy::expect_used, reason = "32 bytes in a frame of fixed size")]
        let pem = pem.expect("a key of known size");
        pem.to_string()
    }

    /// URL-safe base64 of the 32 bytes. It is the key: keep it where nobody else can read it.
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
            bytes_of(text).map(|bytes| SigningKey::from_bytes(&bytes))
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
    /// What tokens name it by.
    pub fn id(&self) -> KeyId {
        let hash: [u8; 32] = Sha256::digest(self.0.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        KeyId::from([a, b, c, d, e, f, g, h])
    }

    /// PEM of SPKI, as other tools read it.
    pub fn to_pem(&self) -> String {
        let pem = self.0.to_public_key_pem(LineEnding::LF);
        #[expect(clippy::expect_used, reason = "32 bytes in a frame of fixed size")]
        pem.expect("a key of known size")
    }

    /// Whether the signature is this key's, in the one form that it can have.
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
        let key = if is_pem(text) {
            VerifyingKey::from_public_key_pem(text.trim()).ok()
        } else {
            bytes_of(text).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        };
        key.filter(|key| !key.is_weak()).map(Self).ok_or(KeyError::Verifying)
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

fn bytes_of(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    let length = Base64UrlUnpadded::decode(text.trim(), &mut *bytes).ok()?.len();
    (length == bytes.len()).then_some(bytes)
}
