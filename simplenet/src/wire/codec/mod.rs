//! The codec: bincode 2 in its `standard()` configuration.
//!
//! Only this module and its decoder use bincode. The decoder adds the bounds that hostile input
//! requires.

mod decode;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use bincode::{config::Configuration, enc::write::Writer};
use bytes::Bytes;
use serde::Serialize;
use thiserror::Error;

pub use self::decode::{DecodeError, decode_sized, variant_index};
pub(crate) use self::decode::{decode, split_id};

const FORMAT: Configuration = bincode::config::standard();

/// Capacity in bytes that the scratch buffer keeps after use. The rest is freed, so that one large
/// message does not occupy memory for good.
const KEPT_SCRATCH: usize = 64 * 1024;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Encodes `value` into at most `limit` bytes.
pub fn encode<T>(value: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    with_scratch(|buffer| {
        append(buffer, value, limit)?;
        Ok(Bytes::copy_from_slice(buffer))
    })
}

/// Encodes a frame: its kind, its id if it has one, and `value`. `limit` is the maximum length of
/// the whole frame.
pub(crate) fn encode_frame<T>(
    kind: u8,
    id: Option<u64>,
    value: &T,
    limit: usize,
) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    with_scratch(|buffer| {
        buffer.push(kind);
        if let Some(id) = id {
            put_integer(buffer, id);
        }
        append(buffer, value, limit)?;
        Ok(Bytes::copy_from_slice(buffer))
    })
}

/// Encodes a frame that consists of integers. This cannot fail.
pub(crate) fn encode_integers(kind: u8, integers: &[u64]) -> Bytes {
    with_scratch(|buffer| {
        buffer.push(kind);
        for &integer in integers {
            put_integer(buffer, integer);
        }
        Bytes::copy_from_slice(buffer)
    })
}

/// Appends the encoded `value` to `buffer`. `limit` is the maximum length of `buffer` with the
/// value.
pub(crate) fn append<T>(buffer: &mut Vec<u8>, value: &T, limit: usize) -> Result<(), EncodeError>
where
    T: Serialize + ?Sized,
{
    let mut writer = LimitedWriter { size: buffer.len(), buffer, limit };
    bincode::serde::encode_into_writer(value, &mut writer, FORMAT)?;
    let size = writer.size;
    if size > limit { Err(EncodeError::TooLarge { size, limit }) } else { Ok(()) }
}

/// The reason why a value could not be encoded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The frame exceeds the receiver's limit.
    #[error("{size} bytes exceed the limit of {limit}: send less at once, or raise `max_msg_size`")]
    TooLarge {
        /// Length of the frame in bytes.
        size: usize,
        /// Longest frame in bytes.
        limit: usize,
    },
    /// The type's `Serialize` failed, or the format does not support the value.
    #[error("the value cannot be encoded: {0}")]
    Unsupported(String),
}

impl From<bincode::error::EncodeError> for EncodeError {
    fn from(error: bincode::error::EncodeError) -> Self {
        use bincode::{error::EncodeError as Error, serde::EncodeError as SerdeError};
        Self::Unsupported(match error {
            Error::OtherString(text) => text,
            Error::Other(text) => text.to_owned(),
            Error::Serde(SerdeError::SequenceMustHaveLength) => {
                "a sequence must know its length before it is written".to_owned()
            }
            other => other.to_string(),
        })
    }
}

/// A writer that stores bytes up to its limit, and only counts the bytes beyond it. So memory is
/// bounded, and the error contains the full size.
struct LimitedWriter<'a> {
    buffer: &'a mut Vec<u8>,
    size: usize,
    limit: usize,
}

impl Writer for LimitedWriter<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> Result<(), bincode::error::EncodeError> {
        self.size = self.size.saturating_add(bytes.len());
        if self.size <= self.limit {
            self.buffer.extend_from_slice(bytes);
        }
        Ok(())
    }
}

/// Runs `work` with an empty buffer that is reused by later calls.
///
/// The buffer is moved out of the thread-local cell during the call, because the `Serialize` of a
/// user's type may itself send a message.
#[inline]
fn with_scratch<R>(work: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
    let result = work(&mut buffer);
    buffer.clear();
    buffer.shrink_to(KEPT_SCRATCH);
    // Fails only while the thread ends. The buffer is not needed then.
    let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    result
}

/// Appends an unsigned integer in the format of bincode: one byte up to 250, otherwise a marker
/// byte and the narrowest little-endian width.
#[inline]
fn put_integer(buffer: &mut Vec<u8>, value: u64) {
    let bytes = value.to_le_bytes();
    match value {
        0..=250 => buffer.push(bytes[0]),
        251..=0xffff => {
            buffer.push(251);
            buffer.extend_from_slice(&bytes[..2]);
        }
        0x1_0000..=0xffff_ffff => {
            buffer.push(252);
            buffer.extend_from_slice(&bytes[..4]);
        }
        _ => {
            buffer.push(253);
            buffer.extend_from_slice(&bytes);
        }
    }
}
