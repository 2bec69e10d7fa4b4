//! Decoding what a peer sent: bincode reads the primitives, this decoder bounds the rest.
//!
//! bincode alone allocates what a length claims, loops as often as it claims, and recurses as deep as a type allows.
//! Here a length is checked against the bytes that are left before anything is allocated; every element, and whatever
//! lies behind a pointer, is paid for from a budget in proportion to the message before it is decoded; and values nest
//! only so deep.

use std::{
    fmt::Display,
    panic::{self, AssertUnwindSafe},
};

use bincode::{
    config::Configuration,
    de::{
        BorrowDecode, BorrowDecoder, Decode, Decoder as _, DecoderImpl,
        read::{BorrowReader, Reader, SliceReader},
    },
};
use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
    },
};
use thiserror::Error;

use super::FORMAT;

/// Bytes of decoded elements that a message may have per byte of its own.
const BUDGET_PER_BYTE: usize = 32;

/// Bytes of decoded elements that every message may have, so that short ones full of `None` pass.
const BUDGET_BASE: usize = 256 * 1024;

/// Values that may lie within each other; a recursive type would overflow the stack otherwise.
const MAX_DEPTH: u32 = 128;

/// Longest text kept of an error that a type's own `Deserialize` reports.
const MAX_REASON_BYTES: usize = 200;

/// The value that `bytes` hold, all of them.
#[inline]
pub(crate) fn decode<'de, T>(bytes: &'de [u8]) -> Result<T, DecodeError>
where
    T: Deserialize<'de>,
{
    let mut input = Input::new(bytes);
    // Types from outside of the schema bring code of their own, which must not end the task of the connection.
    let value = panic::catch_unwind(AssertUnwindSafe(|| {
        T::deserialize(ValueDecoder { input: &mut input, slot: size_of::<T>(), depth: 0 })
    }));
    let value = value.unwrap_or_else(|_| Err(DecodeError::Panicked))?;
    if input.has(1) { Err(DecodeError::Trailing) } else { Ok(value) }
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

/// Why bytes are not the value they should be. Never quotes what they hold.
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
    /// The type's own `Deserialize` refused it.
    #[error("{0}")]
    Refused(String),
}

impl serde::de::Error for DecodeError {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::Refused(crate::wire::close::legible(&message.to_string(), MAX_REASON_BYTES))
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

/// The bytes that are left and the memory that may still be claimed.
struct Input<'de> {
    decoder: DecoderImpl<SliceReader<'de>, Configuration, ()>,
    budget: usize,
}

impl<'de> Input<'de> {
    #[inline]
    fn new(bytes: &'de [u8]) -> Self {
        Self {
            decoder: DecoderImpl::new(SliceReader::new(bytes), FORMAT, ()),
            budget: bytes.len().saturating_mul(BUDGET_PER_BYTE).saturating_add(BUDGET_BASE),
        }
    }

    #[inline]
    fn read<T: Decode<()>>(&mut self) -> Result<T, DecodeError> {
        Ok(T::decode(&mut self.decoder)?)
    }

    #[inline]
    fn has(&mut self, count: usize) -> bool {
        self.decoder.reader().peek_read(count).is_some()
    }

    /// A number of elements. Each takes a byte at least: a schema admits no sequence of zero-sized values.
    #[inline]
    fn count(&mut self) -> Result<usize, DecodeError> {
        match usize::try_from(self.read::<u64>()?) {
            Ok(count) if self.has(count) => Ok(count),
            _ => Err(DecodeError::Truncated),
        }
    }

    #[inline]
    fn byte_string(&mut self) -> Result<&'de [u8], DecodeError> {
        let length = self.count()?;
        Ok(self.decoder.borrow_reader().take_bytes(length)?)
    }

    #[inline]
    fn claim(&mut self, size: usize) -> Result<(), DecodeError> {
        self.budget = self.budget.checked_sub(size).ok_or(DecodeError::OverBudget)?;
        Ok(())
    }
}

/// Decodes one value.
struct ValueDecoder<'a, 'de> {
    input: &'a mut Input<'de>,
    /// Bytes paid for already at the place where the value will lie. A larger value lies behind a pointer.
    slot: usize,
    /// Values around this one.
    depth: u32,
}

impl<'a, 'de> ValueDecoder<'a, 'de> {
    /// Steps into a value of type `T` that has values within.
    #[inline]
    fn enter<T>(mut self) -> Result<Self, DecodeError> {
        if size_of::<T>() > self.slot {
            self.input.claim(size_of::<T>())?;
            self.slot = size_of::<T>();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(DecodeError::TooDeep) } else { Ok(self) }
    }

    /// The values within, of which there are `left`.
    #[inline]
    fn parts(self, left: usize) -> Parts<'a, 'de> {
        Parts { input: self.input, left, depth: self.depth }
    }
}

macro_rules! primitives {
    ($($deserialize:ident => $visit:ident;)*) => {$(
        #[inline]
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            visitor.$visit(self.input.read()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDecoder<'_, 'de> {
    type Error = DecodeError;

    primitives! {
        deserialize_bool => visit_bool;
        deserialize_i8 => visit_i8;
        deserialize_i16 => visit_i16;
        deserialize_i32 => visit_i32;
        deserialize_i64 => visit_i64;
        deserialize_i128 => visit_i128;
        deserialize_u8 => visit_u8;
        deserialize_u16 => visit_u16;
        deserialize_u32 => visit_u32;
        deserialize_u64 => visit_u64;
        deserialize_u128 => visit_u128;
        deserialize_f32 => visit_f32;
        deserialize_f64 => visit_f64;
        deserialize_char => visit_char;
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_borrowed_str(<&'de str>::borrow_decode(&mut self.input.decoder)?)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_borrowed_bytes(self.input.byte_string()?)
    }

    #[inline]
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.input.read::<u8>()? {
            0 => visitor.visit_none(),
            1 => visitor.visit_some(self.enter::<V::Value>()?),
            _ => Err(DecodeError::Invalid("option")),
        }
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self.enter::<V::Value>()?)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let count = self.input.count()?;
        visitor.visit_seq(Elements(self.enter::<V::Value>()?.parts(count)))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_seq(Fields(self.enter::<V::Value>()?.parts(len)))
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let count = self.input.count()?;
        visitor.visit_map(Elements(self.enter::<V::Value>()?.parts(count)))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_tuple(fields.len(), visitor)
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_enum(self.enter::<V::Value>()?)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, DecodeError> {
        Err(DecodeError::Invalid("use of a type that must know its format"))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_any(visitor)
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }
}

impl<'de> EnumAccess<'de> for ValueDecoder<'_, 'de> {
    type Error = DecodeError;
    type Variant = Self;

    #[inline]
    fn variant_seed<S>(self, seed: S) -> Result<(S::Value, Self), DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        let index: u32 = self.input.read()?;
        let variant =
            seed.deserialize(IntoDeserializer::<DecodeError>::into_deserializer(index))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for ValueDecoder<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn unit_variant(self) -> Result<(), DecodeError> {
        Ok(())
    }

    #[inline]
    fn newtype_variant_seed<S>(self, seed: S) -> Result<S::Value, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        let slot = size_of::<S::Value>();
        seed.deserialize(ValueDecoder { slot, ..self })
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_seq(Fields(self.parts(len)))
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_seq(Fields(self.parts(fields.len())))
    }
}

/// The values within a value, one after another.
struct Parts<'a, 'de> {
    input: &'a mut Input<'de>,
    left: usize,
    depth: u32,
}

impl<'de> Parts<'_, 'de> {
    #[inline]
    fn more(&mut self) -> bool {
        let more = self.left > 0;
        self.left -= usize::from(more);
        more
    }

    #[inline]
    fn decode<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, DecodeError> {
        seed.deserialize(ValueDecoder {
            input: &mut *self.input,
            slot: size_of::<S::Value>(),
            depth: self.depth,
        })
    }
}

/// The fields of a struct, tuple or array: they lie within it, so they are paid for already.
struct Fields<'a, 'de>(Parts<'a, 'de>);

impl<'de> SeqAccess<'de> for Fields<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn next_element_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        if self.0.more() { self.0.decode(seed).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.0.left)
    }
}

/// The elements of a sequence or map: as many as the sender says, so each is paid for before it is decoded.
struct Elements<'a, 'de>(Parts<'a, 'de>);

impl<'de> Elements<'_, 'de> {
    #[inline]
    fn claim_and_decode<S>(&mut self, seed: S) -> Result<S::Value, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        // At least one, so that elements without any bytes cannot loop for free.
        self.0.input.claim(size_of::<S::Value>().max(1))?;
        self.0.decode(seed)
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn next_element_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        if self.0.more() { self.claim_and_decode(seed).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.0.left)
    }
}

impl<'de> MapAccess<'de> for Elements<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn next_key_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        if self.0.more() { self.claim_and_decode(seed).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn next_value_seed<S>(&mut self, seed: S) -> Result<S::Value, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        self.claim_and_decode(seed)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.0.left)
    }
}
