use std::panic::{self, AssertUnwindSafe};

use serde::{Serialize, de::DeserializeOwned};
use serde_path_to_error::{Deserializer, Serializer, Track};

use super::{DecodeError, Input, LimitedWriter, ValueDecoder, encode::Encoder};

/// Encodes a value, decodes it, and encodes the result again.
///
/// # Errors
///
/// A text with the place in the value and the reason, if a receiver gets another value or none.
pub(crate) fn round_trip<T>(value: &T) -> Result<(), String>
where
    T: Serialize + DeserializeOwned,
{
    let bytes = encode(value)?;
    let again = encode(&decode::<T>(&bytes)?)?;
    // A map has another order each time.
    if sorted(bytes) == sorted(again) {
        Ok(())
    } else {
        Err("the decoded value is another one: serde's `skip_deserializing`, `default` or `with` \
             loses a part of it"
            .to_owned())
    }
}

fn sorted(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.sort_unstable();
    bytes
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let mut buffer = Vec::new();
    let mut writer = LimitedWriter { buffer: &mut buffer, size: 0, limit: usize::MAX };
    let mut track = Track::new();
    let encoder = Serializer::new(Encoder::new(&mut writer), &mut track);
    let result = value.serialize(encoder);
    result.map_err(|failure| at(track, &failure))?;
    Ok(buffer)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut input = Input::new(bytes, usize::MAX);
    let mut track = Track::new();
    let value = panic::catch_unwind(AssertUnwindSafe(|| {
        let decoder = ValueDecoder::new(&mut input, size_of::<T>(), 0);
        T::deserialize(Deserializer::new(decoder, &mut track))
    }));
    match value.unwrap_or(Err(DecodeError::Panicked)) {
        Ok(_) if input.has(1) => Err(at(
            Track::new(),
            &"bytes follow the value: serde's `skip_deserializing` expects fewer fields",
        )),
        Ok(value) => Ok(value),
        Err(DecodeError::Truncated) => Err(at(
            track,
            &"the bytes end before the value: serde's `skip_serializing` writes less",
        )),
        Err(error) => Err(at(track, &error)),
    }
}

/// Returns a reason with the place where it was found.
fn at(track: Track, reason: &dyn std::fmt::Display) -> String {
    let path = track.path();
    if path.iter().len() == 0 { reason.to_string() } else { format!("`{path}`: {reason}") }
}
