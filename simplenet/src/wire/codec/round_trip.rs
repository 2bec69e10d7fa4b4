use serde::{Serialize, de::DeserializeOwned};

use super::{DecodeError, decode_sized, encode};

/// Encodes a value, decodes it, and encodes the result again.
///
/// # Errors
///
/// A text with the place in the value and the reason, if a receiver gets another value or none.
pub(crate) fn round_trip<T>(value: &T) -> Result<(), String>
where
    T: Serialize + DeserializeOwned,
{
    let encode = |value: &T| encode(value, usize::MAX).map_err(|error| error.to_string());
    let bytes = encode(value)?;
    let (decoded, _) = decode_sized(&bytes, usize::MAX).map_err(|located| {
        let attribute = match located.error {
            DecodeError::Truncated => ": serde's `skip_serializing` writes less than is read",
            DecodeError::Trailing => ": serde's `skip_deserializing` reads less than is written",
            _ => "",
        };
        format!("{located}{attribute}")
    })?;
    // A map has another order each time.
    if sorted(&bytes) == sorted(&encode(&decoded)?) {
        Ok(())
    } else {
        Err("the decoded value is another one: its `Serialize` and `Deserialize` differ".to_owned())
    }
}

fn sorted(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.sort_unstable();
    bytes
}
