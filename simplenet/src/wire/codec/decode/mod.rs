//! The decoder for a peer's bytes: bincode reads the primitives, and this module bounds everything
//! else.
//!
//! bincode alone trusts a claimed length when it allocates and loops, and recurses as deeply as the
//! type allows. This decoder compares a claimed length with the remaining bytes before it
//! allocates. It charges every element, and every value behind a pointer, to a memory budget. It
//! also limits the depth of nested values.

mod input;
mod parts;
mod value;

use std::{
    fmt::{self, Display, Formatter},
    panic::{self, AssertUnwindSafe},
};

use serde::{
    Deserialize,
    de::{Expected, Unexpected},
};
use thiserror::Error;

pub(in crate::wire) use self::{input::Input, value::ValueDecoder};
use super::place::Place;
use crate::text::printable;

/// Limit on nested values. Without it, a recursive type could overflow the stack.
pub(in crate::wire) const MAX_DEPTH: u32 = 128;

/// Longest description of an expected value in an error, in bytes.
const MAX_EXPECTATION_BYTES: usize = 200;

/// Decodes the value of a frame of the handshake, which occupies all of `bytes`.
#[inline]
pub(crate) fn decode<'de, T>(bytes: &'de [u8]) -> Result<T, DecodeError>
where
    T: Deserialize<'de>,
{
    decode_sized(bytes, bytes.len()).map(|(value, _)| value).map_err(|located| located.error)
}

/// Decodes the value that occupies all of `bytes`. Returns its size as well: its encoded length or
/// its size in memory, whichever is larger. The memory is limited to the
/// [budget](memory_budget) of a receiver whose frames have at most `max_msg_size` bytes.
#[inline]
pub fn decode_sized<'de, T>(
    bytes: &'de [u8],
    max_msg_size: usize,
) -> Result<(T, usize), LocatedError>
where
    T: Deserialize<'de>,
{
    let mut input = Input::new(bytes, memory_budget(max_msg_size));
    // Types from outside of the schema have their own `Deserialize`. A panic in it must not end the
    // task of the connection.
    let value = panic::catch_unwind(AssertUnwindSafe(|| {
        T::deserialize(ValueDecoder::new(&mut input, size_of::<T>(), 0))
    }));
    let value = match value.unwrap_or(Err(DecodeError::Panicked)) {
        Ok(value) => value,
        Err(error) => return Err(input.locate(error)),
    };
    if input.has(1) {
        return Err(input.locate(DecodeError::Trailing));
    }
    Ok((value, bytes.len().max(input.claimed().saturating_add(size_of::<T>()))))
}

/// The memory budget of a receiver in bytes, for each byte of its `max_msg_size`.
pub(in crate::wire) const BUDGET_PER_BYTE: usize = 32;

/// The part of the memory budget that does not depend on `max_msg_size`, in bytes.
pub(in crate::wire) const BUDGET_BASE: usize = 1024 * 1024;

/// Returns the memory in bytes that the elements and boxes of one value may occupy.
///
/// The budget depends on the receiver alone, so the sender knows it.
#[inline]
pub fn memory_budget(max_msg_size: usize) -> usize {
    max_msg_size.saturating_mul(BUDGET_PER_BYTE).saturating_add(BUDGET_BASE)
}

/// Returns the depth of the values inside a compound value at `depth`.
#[inline]
pub(in crate::wire) fn limit_depth(depth: u32) -> Result<u32, DecodeError> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(DecodeError::TooDeep) }
}

/// Decodes the integer at the start of `bytes`, and returns it with its length.
///
/// Such an integer precedes every frame, and begins every request and every answer, so it is
/// decoded by hand. A first byte up to 250 is the value itself. The first bytes 251, 252 and 253
/// announce 2, 4 and 8 bytes.
#[inline]
pub(crate) fn split_integer(bytes: &[u8]) -> Result<(u64, usize), DecodeError> {
    let (&lead, rest) = bytes.split_first().ok_or(DecodeError::Truncated)?;
    match lead {
        ..=250 => Some((lead.into(), 1)),
        251 => rest.first_chunk().map(|&bytes| (u16::from_le_bytes(bytes).into(), 3)),
        252 => rest.first_chunk().map(|&bytes| (u32::from_le_bytes(bytes).into(), 5)),
        253 => rest.first_chunk().map(|&bytes| (u64::from_le_bytes(bytes), 9)),
        _ => return Err(DecodeError::Invalid("integer")),
    }
    .ok_or(DecodeError::Truncated)
}

/// Returns the variant index of the enum in `payload` without decoding the rest.
pub fn variant_index(payload: &[u8]) -> Option<u32> {
    let (index, _) = split_integer(payload).ok()?;
    u32::try_from(index).ok()
}

/// The reason why bytes are no value of the expected type.
///
/// The error never quotes the bytes, because it is logged and sent to the other side.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A value or a claimed length extends past the end.
    #[error("the bytes end before the value does")]
    Truncated,
    /// Bytes follow the value.
    #[error("bytes follow the value")]
    Trailing,
    /// The values nest deeper than `MAX_DEPTH`.
    #[error("values nest deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The decoded value would exceed the memory budget of the receiver.
    #[error("the value takes more memory than the receiver's budget: send fewer empty elements")]
    OverBudget,
    /// The type asks the format for the form of the value, which is not on the wire.
    #[error(
        "needs a self-describing format: serde's `tag`, `untagged`, `flatten`, or a JSON value"
    )]
    SelfDescribing,
    /// No value of this type has these bytes.
    #[error("invalid {0}")]
    Invalid(&'static str),
    /// The type's own `Deserialize` panicked.
    #[error("its `Deserialize` panicked")]
    Panicked,
    /// The type does not accept the value.
    #[error("expected {0}")]
    Unexpected(String),
    /// The type's own `Deserialize` failed. Its message is dropped, because it may quote the bytes.
    #[error("its `Deserialize` failed")]
    Refused,
}

/// A [`DecodeError`] with the place of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedError {
    /// The error.
    pub error: DecodeError,
    /// The place of the value.
    pub place: Place,
}

impl Display for LocatedError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        self.error.fmt(f)
    }
}

impl serde::de::Error for DecodeError {
    #[cold]
    fn custom<T: Display>(_: T) -> Self {
        Self::Refused
    }

    #[cold]
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unexpected(expected)
    }

    #[cold]
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unexpected(expected)
    }

    #[cold]
    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::unexpected(expected)
    }

    #[cold]
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::Invalid("variant")
    }

    #[cold]
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::Invalid("field")
    }

    #[cold]
    fn missing_field(_: &'static str) -> Self {
        Self::Invalid("value: a field is missing")
    }

    #[cold]
    fn duplicate_field(_: &'static str) -> Self {
        Self::Invalid("value: a field occurs twice")
    }
}

impl DecodeError {
    fn unexpected(expected: &dyn Expected) -> Self {
        Self::Unexpected(printable(&expected.to_string(), MAX_EXPECTATION_BYTES))
    }
}

impl From<bincode::error::DecodeError> for DecodeError {
    #[cold]
    fn from(error: bincode::error::DecodeError) -> Self {
        use bincode::error::DecodeError as Error;
        match error {
            Error::UnexpectedEnd { .. } => Self::Truncated,
            Error::Utf8 { .. } => Self::Invalid("text"),
            Error::InvalidCharEncoding(_) => Self::Invalid("character"),
            Error::InvalidBooleanValue(_) => Self::Invalid("boolean"),
            Error::InvalidIntegerType { .. } => Self::Invalid("integer"),
            _ => Self::Invalid("value"),
        }
    }
}
