//! The codec: bincode 2 in its `standard()` configuration.
//!
//! Only the decoder uses bincode, and adds the bounds that hostile input requires. The encoder
//! writes the same format, and refuses the values that a decoder would refuse.

mod decode;
mod encode;
mod place;
mod round_trip;
#[cfg(test)]
mod tests;

use std::{
    cell::Cell,
    mem,
    ops::{Deref, DerefMut},
};

use bincode::config::Configuration;
use bytes::Bytes;
use serde::Serialize;
use thiserror::Error;

pub(super) use self::decode::{BUDGET_BASE, BUDGET_PER_BYTE, Input, ValueDecoder, limit_depth};
pub use self::decode::{DecodeError, LocatedError, decode_sized, memory_budget, variant_index};
pub(crate) use self::decode::{decode, split_integer};
use self::encode::{Failure, Sink};
pub(super) use self::place::Step;
pub(crate) use self::round_trip::round_trip;
use super::packed::{MAX_LENGTH_BYTES, OutgoingFrame};

const FORMAT: Configuration = bincode::config::standard();

/// The maximum length of a frame in bytes. Its length must fit into a `u32`. Its length and the
/// frame must fit into a buffer, also on platforms of 32 bits.
const MAX_FRAME_BYTES: usize = u32::MAX as usize - MAX_LENGTH_BYTES;

/// Capacity in bytes that the scratch buffer keeps after use. The rest is freed, so that one large
/// message does not occupy memory for good.
const KEPT_SCRATCH: usize = 256 * 1024;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Encodes `value` into at most `limit` bytes.
pub fn encode<T>(value: &T, limit: usize) -> Result<Bytes, EncodeError>
where
    T: Serialize + ?Sized,
{
    let mut buffer = Vec::new();
    append(&mut buffer, value, limit)?;
    Ok(buffer.into())
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
    let limit = limit.min(MAX_FRAME_BYTES);
    let mut buffer = begin_frame(kind, limit);
    if let Some(id) = id {
        buffer.put_integer(id);
    }
    encode::encode(&mut buffer, value)?;
    if buffer.excess > 0 {
        let size = (buffer.len() - MAX_LENGTH_BYTES).saturating_add(buffer.excess);
        return Err(EncodeError::TooLarge { size, limit });
    }
    Ok(OutgoingFrame::complete(buffer))
}

/// Encodes a frame that consists of integers. This cannot fail.
pub(super) fn encode_integers(kind: u8, integers: &[u64]) -> OutgoingFrame {
    let mut buffer = begin_frame(kind, usize::MAX);
    for &integer in integers {
        buffer.put_integer(integer);
    }
    OutgoingFrame::complete(buffer)
}

/// Begins a frame of at most `limit` bytes behind the space for its length.
#[inline]
fn begin_frame(kind: u8, limit: usize) -> Scratch {
    let mut buffer = Scratch::new(limit.saturating_add(MAX_LENGTH_BYTES));
    buffer.put(&[0; MAX_LENGTH_BYTES]);
    buffer.put(&[kind]);
    buffer
}

/// Appends the encoded `value` to `buffer`. `limit` is the maximum length of `buffer` with the
/// value.
pub(super) fn append<T>(buffer: &mut Vec<u8>, value: &T, limit: usize) -> Result<(), EncodeError>
where
    T: Serialize + ?Sized,
{
    let mut writer = LimitedWriter { size: buffer.len(), buffer, limit };
    encode::encode(&mut writer, value)?;
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
    /// The value would take more memory at the receiver than its budget.
    #[error("{memory} bytes of memory exceed the budget of {budget}: send fewer empty elements")]
    OverBudget {
        /// The memory of the elements and boxes by the rule of the protocol, in bytes.
        memory: usize,
        /// The budget of the receiver in bytes.
        budget: usize,
    },
    /// The type's `Serialize` failed, or no receiver could decode the value.
    #[error("the value cannot be encoded: {0}")]
    Unsupported(String),
}

impl From<Failure> for EncodeError {
    #[cold]
    fn from(failure: Failure) -> Self {
        Self::Unsupported(failure.to_string())
    }
}

/// A writer that stores bytes up to its limit, and only counts the bytes beyond it. So memory is
/// bounded, and the error contains the full size.
struct LimitedWriter<'a> {
    buffer: &'a mut Vec<u8>,
    size: usize,
    limit: usize,
}

impl Sink for LimitedWriter<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.size = self.size.saturating_add(bytes.len());
        if self.size <= self.limit {
            self.buffer.extend_from_slice(bytes);
        }
    }
}

/// The buffer of a frame, which later frames of the same thread reuse. Like [`LimitedWriter`], it
/// stores bytes up to its limit, but does so faster.
///
/// The buffer is moved out of the thread-local cell while it is in use, because the `Serialize` of
/// a user's type may itself send a message.
pub(super) struct Scratch {
    /// All bytes of the buffer are initialized, so that a write needs one check. It is never longer
    /// than the limit.
    buffer: Vec<u8>,
    /// The number of bytes of the frame.
    length: usize,
    limit: usize,
    /// The number of bytes that were not stored.
    excess: usize,
}

/// The size in bytes to which an empty scratch buffer grows.
const MIN_SCRATCH: usize = 256;

impl Scratch {
    #[inline]
    fn new(limit: usize) -> Self {
        // Fails only while the thread ends.
        let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
        buffer.truncate(limit);
        Self { buffer, length: 0, limit, excess: 0 }
    }

    /// Grows the buffer for the bytes, or counts them if they exceed the limit.
    #[cold]
    #[inline(never)]
    fn put_beyond(&mut self, bytes: &[u8]) {
        let end = self.length.saturating_add(bytes.len());
        if self.excess > 0 || end > self.limit {
            // No later byte may be stored, not even if it would fit.
            self.buffer.truncate(self.length);
            self.excess = self.excess.saturating_add(bytes.len());
        } else {
            let capacity = end.max(2 * self.buffer.len()).max(MIN_SCRATCH).min(self.limit);
            self.buffer.resize(capacity, 0);
            self.buffer[self.length..end].copy_from_slice(bytes);
            self.length = end;
        }
    }

    #[inline]
    fn put_integer(&mut self, value: u64) {
        let (bytes, size) = integer_bytes(value);
        self.put(&bytes[..size]);
    }
}

impl Sink for Scratch {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        match self.buffer.get_mut(self.length..end) {
            Some(space) => {
                space.copy_from_slice(bytes);
                self.length = end;
            }
            None => self.put_beyond(bytes),
        }
    }
}

impl Deref for Scratch {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.buffer[..self.length]
    }
}

impl DerefMut for Scratch {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[..self.length]
    }
}

impl Drop for Scratch {
    #[inline]
    fn drop(&mut self) {
        let mut buffer = mem::take(&mut self.buffer);
        if buffer.len() > KEPT_SCRATCH {
            buffer.truncate(KEPT_SCRATCH);
            buffer.shrink_to_fit();
        }
        // Fails only while the thread ends. The buffer is not needed then.
        let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    }
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
