use bincode::config::{Configuration, standard};

use crate::{Result, bench::Sample};

const FORMAT: Configuration = standard();

/// The size of the encoded numbers of a sample, in bytes, if its id and the length of its name have
/// the largest encoding.
const MAX_NUMBERS: usize = 9 + 9 + 3 * 4;

/// Appends an encoded sample.
pub(super) fn encode(sample: &Sample, buffer: &mut Vec<u8>) -> Result<()> {
    let start = buffer.len();
    buffer.resize(start + MAX_NUMBERS + sample.name.len(), 0);
    let size = bincode::serde::encode_into_slice(sample, &mut buffer[start..], FORMAT)?;
    buffer.truncate(start + size);
    Ok(())
}

/// Decodes a sample, which takes all bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<Sample> {
    let (sample, size) = bincode::serde::decode_from_slice(bytes, FORMAT)?;
    if size == bytes.len() { Ok(sample) } else { Err("bytes follow the sample".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample;

    #[test]
    fn encoded_sample_decodes_to_itself() {
        for (id, name_length) in [(0, 0), (u64::MAX, 16), (300, 70_000)] {
            let sample = sample(id, name_length);
            let mut buffer = b"before".to_vec();
            encode(&sample, &mut buffer).unwrap();
            assert_eq!(decode(&buffer[6..]).unwrap(), sample);
            assert!(decode(&buffer[6..buffer.len() - 1]).is_err(), "the last byte is missing");
        }
    }

    #[test]
    fn decode_refuses_trailing_bytes() {
        let mut buffer = Vec::new();
        encode(&sample(1, 1), &mut buffer).unwrap();
        buffer.push(0);
        assert!(decode(&buffer).is_err());
    }
}
