//! The codec: bincode 2 in its `standard()` configuration.
//!
//! Only this module and its decoder use bincode. The decoder adds the bounds that hostile input
//! requires.

mod decode;
#[cfg(test)]
mod tests;

use std::{
    cell::Cell,
    mem,
    ops::{Deref, DerefMut},
};

use bincode::{config::Configuration, enc::write::Writer};
use bytes::Bytes;
use serde::Serialize;
use thiserror::Error;

pub use self::decode::{DecodeError, decode_sized, variant_index};
pub(crate) use self::decode::{decode, split_integer};
use super::packed::{MAX_LENGTH_BYTES, OutgoingFrame};

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
    let mut buffer = Scratch::new();
    append(&mut buffer, value, limit)?;
    Ok(Bytes::copy_from_slice(&buffer))
}

/// Encodes a frame: its kind, its id if it has one, and `value`. `limit` is the maximum length of
/// the whole frame.
#[inline]
pub(super) fn encode_frame<T>(
    kind: u8,
    id: Option<u64>,
    value: &T,
    limit: usize,
) -> Result<OutgoingFrame, EncodeError>
where
    T: Serialize + ?Sized,
{
    let mut buffer = begin_frame(kind);
    if let Some(id) = id {
        put_integer(&mut buffer, id);
    }
    let size = buffer.len() - MAX_LENGTH_BYTES;
    append_to(LimitedWriter { buffer: &mut buffer, size, limit }, value)?;
    Ok(OutgoingFrame::complete(buffer))
}

/// Encodes a frame that consists of integers. This cannot fail.
pub(super) fn encode_integers(kind: u8, integers: &[u64]) -> OutgoingFrame {
    let mut buffer = begin_frame(kind);
    for &integer in integers {
        put_integer(&mut buffer, integer);
    }
    OutgoingFrame::complete(buffer)
}

/// Begins a frame behind the space for its length.
#[inline]
fn begin_frame(kind: u8) -> Scratch {
    let mut buffer = Scratch::new();
    buffer.extend_from_slice(&[0; MAX_LENGTH_BYTES]);
    buffer.push(kind);
    buffer
}

/// Appends the encoded `value` to `buffer`. `limit` is the maximum length of `buffer` with the
/// value.
pub(super) fn append<T>(buffer: &mut Vec<u8>, value: &T, limit: usize) -> Result<(), EncodeError>
where
    T: Serialize + ?Sized,
{
    append_to(LimitedWriter { size: buffer.len(), buffer, limit }, value)
}

#[inline]
fn append_to<T>(mut writer: LimitedWriter<'_>, value: &T) -> Result<(), EncodeError>
where
    T: Serialize + ?Sized,
{
    bincode::serde::encode_into_writer(value, &mut writer, FORMAT)?;
    let LimitedWriter { size, limit, .. } = writer;
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

/// An empty buffer, which later frames of the same thread reuse.
///
/// The buffer is moved out of the thread-local cell while it is in use, because the `Serialize` of a
/// user's type may itself send a message.
#[derive(Debug)]
pub(super) struct Scratch(Vec<u8>);

impl Scratch {
    #[inline]
    fn new() -> Self {
        // Fails only while the thread ends.
        Self(SCRATCH.try_with(Cell::take).unwrap_or_default())
    }
}

impl Deref for Scratch {
    type Target = Vec<u8>;

    #[inline]
    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Scratch {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for Scratch {
    #[inline]
    fn drop(&mut self) {
        let mut buffer = mem::take(&mut self.0);
        buffer.clear();
        if buffer.capacity() > KEPT_SCRATCH {
            buffer.shrink_to(KEPT_SCRATCH);
        }
        // Fails only while the thread ends. The buffer is not needed then.
        let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    }
}

/// Appends an unsigned integer in the format of bincode.
#[inline]
pub(super) fn put_integer(buffer: &mut Vec<u8>, value: u64) {
    let (bytes, size) = integer_bytes(value);
    buffer.extend_from_slice(&bytes[..size]);
}

/// Returns an unsigned integer in the format of bincode, with its size: one byte up to 250,
/// otherwise a marker byte and the narrowest little-endian width.
#[inline]
pub(super) fn integer_bytes(value: u64) -> ([u8; 9], usize) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    match value {
        0..=250 => ([a, 0, 0, 0, 0, 0, 0, 0, 0], 1),
        251..=0xffff => ([251, a, b, 0, 0, 0, 0, 0, 0], 3),
        0x1_0000..=0xffff_ffff => ([252, a, b, c, d, 0, 0, 0, 0], 5),
        _ => ([253, a, b, c, d, e, f, g, h], 9),
    }
}
