//! Values to bytes and back: bincode 2 in its `standard()` configuration.
//!
//! All use of bincode stands in this module and its decoder, which adds what hostile input asks for.

mod decode;
#[cfg(test)]
#[cfg(all(feature = "client", feature = "server"))]
mod tests;

use std::cell::Cell;

use bincode::{config::Configuration, enc::write::Writer};
use bytes::Bytes;
use serde::Serialize;
use thiserror::Error;

#[cfg(feature = "client")]
pub(crate) use self::decode::variant_index;
pub(crate) use self::decode::{DecodeError, decode, decode_sized, split_id};

const FORMAT: Configuration = bincode::config::standard();

/// Buffers above this are given back to the allocator after use, so one large message does not stay for good.
const KEPT_SCRATCH: usize = 64 * 1024;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The bytes of `value`, at most `limit` of them.
#[cfg(feature = "client")]
pub(crate) fn encode<T>(value: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    with_scratch(|buffer| {
        append(buffer, value, limit)?;
        Ok(Bytes::copy_from_slice(buffer))
    })
}

/// A frame: its kind, its id where it has one, and `value`. `limit` counts all of them.
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

/// A frame of integers alone, which cannot fail.
pub(crate) fn encode_integers(kind: u8, integers: &[u64]) -> Bytes {
    with_scratch(|buffer| {
        buffer.push(kind);
        for &integer in integers {
            put_integer(buffer, integer);
        }
        Bytes::copy_from_slice(buffer)
    })
}

/// Writes `value` behind what `buffer` holds already; `limit` counts both.
pub(crate) fn append<T>(buffer: &mut Vec<u8>, value: &T, limit: usize) -> Result<(), EncodeError>
where
    T: Serialize + ?Sized,
{
    let mut writer = LimitedWriter { size: buffer.len(), buffer, limit };
    bincode::serde::encode_into_writer(value, &mut writer, FORMAT)?;
    let size = writer.size;
    if size > limit { Err(EncodeError::TooLarge { size, limit }) } else { Ok(()) }
}

/// Why a value could not be encoded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum EncodeError {
    /// The peer would not take it.
    #[error("{size} bytes exceed the limit of {limit}: send less at once, or raise `max_msg_size`")]
    TooLarge {
        /// Bytes that the frame would have had.
        size: usize,
        /// Bytes that it may have.
        limit: usize,
    },
    /// Its `Serialize` failed, or asked for something that the format has not.
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

/// Stores up to the limit and counts beyond it: the error can tell the size, and memory stays bounded.
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

/// Runs `work` with an empty buffer that is kept from call to call.
///
/// The buffer is taken out while in use, because the `Serialize` of a user's type may send a message itself.
#[inline]
fn with_scratch<R>(work: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
    let result = work(&mut buffer);
    buffer.clear();
    buffer.shrink_to(KEPT_SCRATCH);
    // Refused only while the thread ends; then nobody wants the buffer any more.
    let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    result
}

/// The format's unsigned integer: one byte up to 250, else a marker and the narrowest little-endian width.
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
