use serde::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, IntoDeserializer, VariantAccess, Visitor},
};

use super::{
    DecodeError,
    input::Input,
    limit_depth,
    parts::{Elements, Fields, Parts},
};
use crate::wire::codec::place::Step;

/// Decodes one value.
pub(in crate::wire) struct ValueDecoder<'a, 'de> {
    input: &'a mut Input<'de>,
    /// Number of bytes that have been charged for the value. A larger value is behind a pointer.
    slot: usize,
    /// Number of values that contain this one.
    depth: u32,
}

impl<'a, 'de> ValueDecoder<'a, 'de> {
    #[inline]
    pub(in crate::wire) fn new(input: &'a mut Input<'de>, slot: usize, depth: u32) -> Self {
        Self { input, slot, depth }
    }

    /// Enters a compound value of type `T`.
    #[inline]
    fn enter<T>(mut self) -> Result<Self, DecodeError> {
        if size_of::<T>() > self.slot {
            self.input.claim(size_of::<T>())?;
            self.slot = size_of::<T>();
        }
        self.depth = limit_depth(self.depth)?;
        Ok(self)
    }

    /// Returns access to the `left` values inside this one.
    #[inline]
    fn parts(self, left: usize) -> Parts<'a, 'de> {
        Parts::new(self.input, left, self.depth)
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
        visitor.visit_borrowed_str(self.input.text()?)
    }

    /// Copies the text before it is validated. Validation is faster in aligned memory.
    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_string(self.input.owned_text()?)
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
        let Self { input, depth, .. } = self.enter::<V::Value>()?;
        visitor.visit_seq(Fields(Parts::named(input, fields, depth)))
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_enum(Enum { value: self.enter::<V::Value>()?, variants })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, DecodeError> {
        Err(DecodeError::SelfDescribing)
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

/// An enum whose variant is not decoded yet.
struct Enum<'a, 'de> {
    value: ValueDecoder<'a, 'de>,
    variants: &'static [&'static str],
}

impl<'a, 'de> EnumAccess<'de> for Enum<'a, 'de> {
    type Error = DecodeError;
    type Variant = Variant<'a, 'de>;

    #[inline]
    fn variant_seed<S>(self, seed: S) -> Result<(S::Value, Variant<'a, 'de>), DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        let index: u32 = self.value.input.read()?;
        let variant =
            seed.deserialize(IntoDeserializer::<DecodeError>::into_deserializer(index))?;
        Ok((variant, Variant { value: self.value, variants: self.variants, index }))
    }
}

/// The content of a variant.
struct Variant<'a, 'de> {
    value: ValueDecoder<'a, 'de>,
    variants: &'static [&'static str],
    index: u32,
}

impl<'de> Variant<'_, 'de> {
    /// Decodes the content. If that fails, records the variant as the place of the error.
    #[inline]
    fn decode<R>(
        self,
        decode: impl FnOnce(&mut Input<'de>, u32) -> Result<R, DecodeError>,
    ) -> Result<R, DecodeError> {
        let result = decode(&mut *self.value.input, self.value.depth);
        if result.is_err() {
            self.failed();
        }
        result
    }

    #[cold]
    fn failed(self) {
        let index = usize::try_from(self.index).ok();
        if let Some(name) = index.and_then(|index| self.variants.get(index)) {
            self.value.input.failed_in(Step::Name(name));
        }
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
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
        self.decode(|input, depth| seed.deserialize(ValueDecoder::new(input, slot, depth)))
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.decode(|input, depth| visitor.visit_seq(Fields(Parts::new(input, len, depth))))
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.decode(|input, depth| visitor.visit_seq(Fields(Parts::named(input, fields, depth))))
    }
}
