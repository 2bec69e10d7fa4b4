use std::{
    collections::{HashMap, HashSet},
    panic::{self, AssertUnwindSafe},
};

use serde::de::DeserializeOwned;

use crate::wire::codec::{DecodeError, Input, ValueDecoder};

/// The structure of a type: of its bytes on the wire, and of its memory by the rule of the
/// protocol.
///
/// Generated code has one `static` for each type of a channel. The shapes of a recursive type refer
/// to each other in a cycle.
#[derive(Debug)]
pub enum Shape {
    /// `bool`.
    Bool,
    /// `u8` or `i8`.
    Byte,
    /// An integer of more than 8 bits, with its width in bits.
    Integer(u32),
    /// A floating point number, with its size in bytes.
    Float(usize),
    /// `char`.
    Char,
    /// `String`.
    Text,
    /// `Bytes`.
    Bytes,
    /// `Option<T>`.
    Option(&'static Shape),
    /// `Vec<T>`.
    List(&'static Shape),
    /// `HashSet<T>` or `BTreeSet<T>`.
    Set(&'static Shape),
    /// `HashMap<K, V>` or `BTreeMap<K, V>`.
    Map(&'static Shape, &'static Shape),
    /// `[T; N]`.
    Array(&'static Shape, usize),
    /// `Box<T>`.
    Boxed(&'static Shape),
    /// A struct, newtype or tuple.
    Fields(Fields),
    /// An enum or `Result`. Each variant has a name and fields.
    Enum(&'static [(&'static str, Fields)]),
    /// An external type.
    External(External),
}

/// Fields, each with its name. The only field of a payload's variant has no name.
pub(super) type Fields = &'static [(&'static str, &'static Shape)];

/// An external type. Only its own code knows its structure.
#[derive(Debug)]
pub struct External {
    /// The size and the alignment in bytes on this platform.
    layout: (usize, usize),
    decode: fn(&mut Input<'_>, u32) -> Result<(), DecodeError>,
}

/// The memory of a type by the rule of the protocol, without the memory behind pointers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Footprint {
    pub(super) bytes: usize,
    /// Whether the type contains an integer of 128 bits, whose alignment is 16 bytes.
    wide: bool,
}

/// The factor between the size of an external type on a platform of 64 bits, and the limit of its
/// size on this platform. Pointers and alignments at most double.
const SIZE_FACTOR: usize = if size_of::<usize>() < 8 { 2 } else { 1 };

impl Shape {
    /// Returns the shape of an external type.
    pub const fn external<T: DeserializeOwned>() -> Self {
        let layout = (size_of::<T>(), align_of::<T>());
        Self::External(External { layout, decode: decode::<T> })
    }

    /// Returns the address, which identifies the shape.
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Returns the minimum number of bytes of a value, without the bytes of elements and of the
    /// contents of boxes.
    fn own_bytes(&self) -> usize {
        match self {
            Self::Float(size) => *size,
            Self::Boxed(_) => 0,
            Self::Array(element, length) => element.own_bytes().saturating_mul(*length),
            Self::Fields(fields) => own_bytes(fields),
            Self::Enum(variants) => {
                1 + variants.iter().map(|(_, fields)| own_bytes(fields)).min().unwrap_or(0)
            }
            _ => 1,
        }
    }

    /// Returns the shapes that this one refers to.
    fn inner(&self) -> Vec<&'static Shape> {
        match self {
            Self::Option(inner)
            | Self::List(inner)
            | Self::Set(inner)
            | Self::Array(inner, _)
            | Self::Boxed(inner) => vec![inner],
            Self::Map(key, value) => vec![key, value],
            Self::Fields(fields) => fields.iter().map(|(_, field)| *field).collect(),
            Self::Enum(variants) => {
                variants.iter().flat_map(|(_, fields)| *fields).map(|(_, field)| *field).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn own_bytes(fields: Fields) -> usize {
    fields.iter().fold(0, |sum: usize, (_, field)| sum.saturating_add(field.own_bytes()))
}

impl External {
    /// Decodes a value at `depth` and drops it. Charges its elements to the budget of `input`.
    pub(super) fn decode(&self, input: &mut Input<'_>, depth: u32) -> Result<(), DecodeError> {
        let before = input.claimed();
        (self.decode)(input, depth)?;
        input.claim((SIZE_FACTOR - 1).saturating_mul(input.claimed() - before))
    }
}

fn decode<T: DeserializeOwned>(input: &mut Input<'_>, depth: u32) -> Result<(), DecodeError> {
    let decoder = ValueDecoder::new(input, size_of::<T>(), depth);
    let result = panic::catch_unwind(AssertUnwindSafe(|| T::deserialize(decoder).map(drop)));
    result.unwrap_or(Err(DecodeError::Panicked))
}

/// The footprints of all shapes that a payload contains.
#[derive(Debug, Default)]
pub(super) struct Footprints {
    by_address: HashMap<usize, Footprint>,
}

/// The assumed memory of an external type in bytes, for each of its own bytes.
const EXTERNAL_PER_BYTE: usize = 64;

impl Footprints {
    /// Computes the footprints. Also returns the largest memory of elements and boxes for each byte
    /// of a payload, and whether the payload contains an external type.
    pub(super) fn of(root: &'static Shape) -> (Self, usize, bool) {
        let mut all = Self::default();
        let (mut most, mut without_bytes, mut external) = (0, 0_usize, false);
        let mut open = vec![root];
        let mut seen = HashSet::new();
        while let Some(shape) = open.pop() {
            if !seen.insert(shape.address()) {
                continue;
            }
            open.extend(shape.inner());
            // A value that is charged, with its own bytes. No byte belongs to two of them.
            let (footprint, own) = match shape {
                Shape::List(element) | Shape::Set(element) | Shape::Boxed(element) => {
                    (all.find(element).bytes, element.own_bytes())
                }
                Shape::Map(key, value) => (
                    all.find(key).bytes.saturating_add(all.find(value).bytes),
                    key.own_bytes().saturating_add(value.own_bytes()),
                ),
                Shape::External(_) => {
                    external = true;
                    (EXTERNAL_PER_BYTE, 1)
                }
                _ => continue,
            };
            if own == 0 {
                // A value without bytes of its own contains boxes, and so the bytes of others.
                without_bytes = without_bytes.saturating_add(footprint);
            } else {
                most = most.max(footprint.div_ceil(own));
            }
        }
        (all, most.saturating_add(without_bytes), external)
    }

    /// Returns the footprint of a shape whose footprint is needed to charge its values.
    pub(super) fn get(&self, shape: &Shape) -> usize {
        self.by_address.get(&shape.address()).map_or(0, |footprint| footprint.bytes)
    }

    /// Returns the footprint of a shape, and stores it.
    fn find(&mut self, shape: &'static Shape) -> Footprint {
        if let Some(found) = self.by_address.get(&shape.address()) {
            return *found;
        }
        let found = self.compute(shape);
        self.by_address.insert(shape.address(), found);
        found
    }

    fn compute(&mut self, shape: &'static Shape) -> Footprint {
        let narrow = |bytes| Footprint { bytes, wide: false };
        match shape {
            Shape::Integer(128) => Footprint { bytes: 16, wide: true },
            Shape::Bool
            | Shape::Byte
            | Shape::Integer(_)
            | Shape::Float(_)
            | Shape::Char
            | Shape::Boxed(_) => narrow(8),
            Shape::Text | Shape::Bytes | Shape::List(_) => narrow(32),
            Shape::Set(_) | Shape::Map(..) => narrow(48),
            Shape::Option(inner) => self.find(inner).and(narrow(8)),
            Shape::Array(element, length) => {
                let element = self.find(element);
                Footprint { bytes: element.bytes.saturating_mul(*length), ..element }
            }
            Shape::Fields(fields) => self.sum(fields),
            Shape::Enum(variants) => {
                let largest = variants.iter().fold(Footprint::default(), |largest, variant| {
                    let fields = self.sum(variant.1);
                    let bytes = largest.bytes.max(fields.bytes);
                    Footprint { bytes, wide: largest.wide || fields.wide }
                });
                largest.and(narrow(8))
            }
            Shape::External(External { layout: (size, align), .. }) => {
                let bytes = size.saturating_mul(SIZE_FACTOR).next_multiple_of(8);
                Footprint { bytes: bytes.max(8), wide: false }
                    .and(Footprint { bytes: 0, wide: *align > 8 })
            }
        }
    }

    fn sum(&mut self, fields: Fields) -> Footprint {
        let fields = fields.iter().map(|(_, field)| self.find(field));
        fields.fold(Footprint::default(), Footprint::and)
    }
}

impl Footprint {
    /// Returns the footprint of a type that contains both types.
    fn and(self, other: Self) -> Self {
        let wide = self.wide || other.wide;
        let bytes = self.bytes.saturating_add(other.bytes);
        let alignment = if wide { 16 } else { 8 };
        Self { bytes: bytes.checked_next_multiple_of(alignment).unwrap_or(usize::MAX), wide }
    }
}
