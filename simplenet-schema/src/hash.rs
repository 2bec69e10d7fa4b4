use sha2::{Digest, Sha256};

/// Returns the protocol hash of a canonical form: the first 128 bits of its SHA-256 digest, as a
/// big-endian number.
pub fn protocol_hash(canonical: &str) -> u128 {
    let digest: [u8; 32] = Sha256::digest(canonical.as_bytes()).into();
    let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest;
    u128::from_be_bytes(first)
}
