//! Decoding what a peer sent: bincode reads the primitives, this decoder bounds the rest.
//!
//! bincode alone allocates what a length claims, loops as often as it claims, and recurses as deep as a type allows.
//! Here a length is checked against the bytes that are left before anything is allocated; every element, and whatever
//! lies behind a pointer, is paid for from a budget in proportion to the message before it is decoded; and values nest
//! only so deep.

mod input;
mod parts;
mod value;

use std::{
    fmt::Display,
    panic::{self, AssertUnwindSafe},
};

use serde::{
    Deserialize,
    de::{Expected, Unexpected},
};
use thiserror::Error;

use self::{input::Input, value::ValueDecoder};
use crate::text::printable;

/// Values that may lie within each other; a recursive type would overflow the stack otherwise.
const MAX_DEPTH: u32 = 128;

/// Longest text kept of what a type says that it expects.
const MAX_EXPECTATION_BYTES: usize = 200;

/// The value that `bytes` hold, all of them.
#[inline]
pub(crate) fn decode<'de, T>(bytes: &'de [u8]) -> Result<T, DecodeError>
where
    T: Deserialize<'de>,
{
    decode_sized(bytes).map(|(value, _)| value)
}

/// Like [`decode`], and the size of the value: of its bytes or of the memory that it takes, whichever is larger.
#[inline]
pub(crate) fn decode_sized<'de, T>(bytes: &'de [u8]) -> Result<(T, usize), DecodeError>
where
    T: Deserialize<'de>,
{
    let mut input = Input::new(bytes);
    // Types from outside of the schema bring code of their own, which must not end the task of the connection.
    let value = panic::catch_unwind(AssertUnwindSafe(|| {
        T::deserialize(ValueDecoder::new(&mut input, size_of::<T>(), 0))
    }));
    let value = value.unwrap_or_else(|_| Err(DecodeError::Panicked))?;
    if input.has(1) {
        return Err(DecodeError::Trailing);
    }
    Ok((value, bytes.len().max(input.claimed().saturating_add(size_of::<T>()))))
}

/// The integer that leads `bytes`, and how many of them it takes.
///
/// By hand, because every request and answer begins with one: a byte up to 250 stands for itself, and the three above
/// announce 2, 4 or 8 bytes.
pub(crate) fn split_id(bytes: &[u8]) -> Result<(u64, usize), DecodeError> {
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

/// The variant of the enum that `payload` holds, read without decoding the rest.
#[cfg(feature = "client")]
pub(crate) fn variant_index(payload: &[u8]) -> Option<u32> {
    let (index, _) = split_id(payload).ok()?;
    u32::try_from(index).ok()
}

/// Why bytes are not the value they should be. Never quotes what they hold: it goes into logs and to the other side.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum DecodeError {
    /// A value, or what a length claims, runs past the end.
    #[error("the bytes end before the value does")]
    Truncated,
    /// Something follows the value.
    #[error("bytes follow the value")]
    Trailing,
    /// Nested beyond [`MAX_DEPTH`].
    #[error("values nest deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Decoded, it would be out of all proportion to its bytes.
    #[error("the value takes far more memory than its bytes")]
    OverBudget,
    /// Bytes that no value of this type has.
    #[error("invalid {0}")]
    Invalid(&'static str),
    /// The type's own `Deserialize` panicked.
    #[error("its `Deserialize` panicked")]
    Panicked,
    /// Something else than the type reads.
    #[error("expected {0}")]
    Unexpected(String),
    /// The type's own `Deserialize` refused it, in words that may quote it.
    #[error("its `Deserialize` refused it")]
    Refused,
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
        Self::Invalid("value: a field is there twice")
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
