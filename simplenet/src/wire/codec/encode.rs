//! The encoder of a user's values. It writes the format of bincode, and refuses values that no
//! receiver could decode.

use std::fmt::{self, Display};

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::{
    decode::limit_depth,
    integer_bytes,
    place::{Place, Step},
};

/// The destination of encoded bytes.
pub(super) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

/// Encodes a value.
#[inline]
pub(super) fn encode<W, T>(sink: &mut W, value: &T) -> Result<(), Failure>
where
    W: Sink,
    T: Serialize + ?Sized,
{
    value.serialize(Encoder::new(sink))
}

/// The reason why a value cannot be encoded, with its place.
#[derive(Debug)]
pub(in crate::wire) struct Failure(Box<(String, Place)>);

impl std::error::Error for Failure {}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (reason, place) = &*self.0;
        if place.is_empty() { f.write_str(reason) } else { write!(f, "{place}: {reason}") }
    }
}

impl Error for Failure {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self(Box::new((message.to_string(), Place::default())))
    }
}

impl Failure {
    /// Adds the step to the value that failed.
    #[cold]
    fn within(mut self, step: Step) -> Self {
        self.0.1.add(step);
        self
    }

    #[cold]
    fn wrong_count(written: &str) -> Self {
        Self::custom(format!(
            "its `Serialize` announces another number of {written} than it writes"
        ))
    }
}

/// Encodes one value.
pub(in crate::wire) struct Encoder<'a, W> {
    sink: &'a mut W,
    /// The number of values that contain this one.
    depth: u32,
}

impl<'a, W: Sink> Encoder<'a, W> {
    pub(super) fn new(sink: &'a mut W) -> Self {
        Self { sink, depth: 0 }
    }

    #[inline]
    fn integer(self, value: u64) {
        let (bytes, size) = integer_bytes(value);
        self.sink.put(&bytes[..size]);
    }

    #[inline]
    fn wide_integer(self, value: u128) {
        if let Ok(value) = u64::try_from(value) {
            self.integer(value);
        } else {
            self.sink.put(&[254]);
            self.sink.put(&value.to_le_bytes());
        }
    }

    /// Enters a compound value, which announces `left` values inside it.
    #[inline]
    fn enter(self, left: usize) -> Result<Parts<'a, W>, Failure> {
        let depth = limit_depth(self.depth).map_err(Failure::custom)?;
        Ok(Parts { sink: self.sink, depth, left, written: 0, variant: None })
    }

    #[inline]
    fn elements(self, length: Option<usize>) -> Result<Parts<'a, W>, Failure> {
        let Some(length) = length else {
            return Err(Failure::custom(
                "a list or map without a known length: replace serde's `flatten`, or collect it first",
            ));
        };
        let Self { sink, depth } = self;
        Encoder { sink: &mut *sink, depth }.integer(length as u64);
        Encoder { sink, depth }.enter(length)
    }

    #[inline]
    fn variant(self, index: u32, name: &'static str, left: usize) -> Result<Parts<'a, W>, Failure> {
        let Self { sink, depth } = self;
        Encoder { sink: &mut *sink, depth }.integer(index.into());
        let parts = Encoder { sink, depth }.enter(left)?;
        Ok(Parts { variant: Some(name), ..parts })
    }
}

macro_rules! integers {
    ($($serialize:ident($value:ident: $type:ty) => $write:ident($encoded:expr);)*) => {$(
        #[inline]
        fn $serialize(self, $value: $type) -> Result<(), Failure> {
            self.$write($encoded);
            Ok(())
        }
    )*};
}

impl<'a, W: Sink> Serializer for Encoder<'a, W> {
    type Ok = ();
    type Error = Failure;
    type SerializeSeq = Parts<'a, W>;
    type SerializeTuple = Parts<'a, W>;
    type SerializeTupleStruct = Parts<'a, W>;
    type SerializeTupleVariant = Parts<'a, W>;
    type SerializeMap = Parts<'a, W>;
    type SerializeStruct = Parts<'a, W>;
    type SerializeStructVariant = Parts<'a, W>;

    integers! {
        serialize_u16(value: u16) => integer(value.into());
        serialize_u32(value: u32) => integer(value.into());
        serialize_u64(value: u64) => integer(value);
        serialize_u128(value: u128) => wide_integer(value);
        // Zigzag: 0, -1, 1, -2 become 0, 1, 2, 3.
        serialize_i16(value: i16) => integer(((value << 1) ^ (value >> 15)).cast_unsigned().into());
        serialize_i32(value: i32) => integer(((value << 1) ^ (value >> 31)).cast_unsigned().into());
        serialize_i64(value: i64) => integer(((value << 1) ^ (value >> 63)).cast_unsigned());
        serialize_i128(value: i128) => wide_integer(((value << 1) ^ (value >> 127)).cast_unsigned());
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Failure> {
        self.sink.put(&[value.into()]);
        Ok(())
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<(), Failure> {
        self.sink.put(&[value]);
        Ok(())
    }

    #[inline]
    fn serialize_i8(self, value: i8) -> Result<(), Failure> {
        self.sink.put(&value.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<(), Failure> {
        self.sink.put(&value.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<(), Failure> {
        self.sink.put(&value.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_char(self, value: char) -> Result<(), Failure> {
        self.sink.put(value.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Failure> {
        self.serialize_bytes(value.as_bytes())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Failure> {
        let Self { sink, depth } = self;
        Encoder { sink: &mut *sink, depth }.integer(value.len() as u64);
        sink.put(value);
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Result<(), Failure> {
        self.sink.put(&[0]);
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Failure> {
        self.sink.put(&[1]);
        self.enter(1)?.value(value)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), Failure> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Failure> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<(), Failure> {
        self.variant(index, variant, 0).map(drop)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        self.enter(1)?.value(value)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        let result = self.variant(index, variant, 1)?.value(value);
        result.map_err(|failure| failure.within(Step::Name(variant)))
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Parts<'a, W>, Failure> {
        self.elements(length)
    }

    #[inline]
    fn serialize_tuple(self, length: usize) -> Result<Parts<'a, W>, Failure> {
        self.enter(length)
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Parts<'a, W>, Failure> {
        self.enter(length)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Parts<'a, W>, Failure> {
        self.variant(index, variant, length)
    }

    #[inline]
    fn serialize_map(self, length: Option<usize>) -> Result<Parts<'a, W>, Failure> {
        self.elements(length)
    }

    #[inline]
    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Parts<'a, W>, Failure> {
        self.enter(length)
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Parts<'a, W>, Failure> {
        self.variant(index, variant, length)
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }
}

/// The values inside a compound value, in order.
pub(in crate::wire) struct Parts<'a, W> {
    sink: &'a mut W,
    depth: u32,
    /// The number of values that are announced and not written yet.
    left: usize,
    /// The number of values that are written.
    written: usize,
    /// The variant whose fields these are.
    variant: Option<&'static str>,
}

impl<W: Sink> Parts<'_, W> {
    #[inline]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        value.serialize(Encoder { sink: &mut *self.sink, depth: self.depth })
    }

    #[inline]
    fn next<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
        what: &str,
        name: Option<&'static str>,
    ) -> Result<(), Failure> {
        self.left = self.left.checked_sub(1).ok_or_else(|| Failure::wrong_count(what))?;
        let result = self.value(value);
        if result.is_err() {
            let step = name.map_or(Step::Index(self.written), Step::Name);
            return result.map_err(|failure| self.at(failure.within(step)));
        }
        self.written += 1;
        result
    }

    /// Adds the variant to the place of a failure.
    #[cold]
    fn at(&self, failure: Failure) -> Failure {
        match self.variant {
            Some(variant) => failure.within(Step::Name(variant)),
            None => failure,
        }
    }

    #[inline]
    fn finish(self, what: &str) -> Result<(), Failure> {
        if self.left == 0 { Ok(()) } else { Err(Failure::wrong_count(what)) }
    }

    #[cold]
    fn skipped(key: &str) -> Failure {
        Failure::custom(format!(
            "skips the field `{key}`, which the receiver expects: remove serde's \
             `skip_serializing_if`, or use an `Option`"
        ))
    }
}

macro_rules! sequences {
    ($($trait:ident::$serialize:ident, $what:literal;)*) => {$(
        impl<W: Sink> $trait for Parts<'_, W> {
            type Ok = ();
            type Error = Failure;

            #[inline]
            fn $serialize<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
                self.next(value, $what, None)
            }

            #[inline]
            fn end(self) -> Result<(), Failure> {
                self.finish($what)
            }
        }
    )*};
}

sequences! {
    SerializeSeq::serialize_element, "elements";
    SerializeTuple::serialize_element, "elements";
    SerializeTupleStruct::serialize_field, "fields";
    SerializeTupleVariant::serialize_field, "fields";
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl<W: Sink> $trait for Parts<'_, W> {
            type Ok = ();
            type Error = Failure;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Failure> {
                self.next(value, "fields", Some(key))
            }

            fn skip_field(&mut self, key: &'static str) -> Result<(), Failure> {
                Err(self.at(Parts::<W>::skipped(key)))
            }

            #[inline]
            fn end(self) -> Result<(), Failure> {
                self.finish("fields")
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl<W: Sink> SerializeMap for Parts<'_, W> {
    type Ok = ();
    type Error = Failure;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        self.next(key, "entries", None)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.value(value)
    }

    #[inline]
    fn end(self) -> Result<(), Failure> {
        self.finish("entries")
    }
}
