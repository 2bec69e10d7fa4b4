use super::shape::{Fields, Footprints, Shape};
use crate::wire::codec::{DecodeError, Input, LocatedError, Step, limit_depth};

/// Reads the bytes of a payload by its shape, without creating the value.
pub(super) struct Walk<'a, 'de> {
    pub(super) input: Input<'de>,
    footprints: &'a Footprints,
}

impl<'a, 'de> Walk<'a, 'de> {
    pub(super) fn new(input: Input<'de>, footprints: &'a Footprints) -> Self {
        Self { input, footprints }
    }

    /// Reads a whole payload, and charges its elements and boxes to the budget of the input.
    ///
    /// # Errors
    ///
    /// The error, and the place of the value that cannot be read.
    pub(super) fn run(mut self, shape: &Shape) -> Result<usize, LocatedError> {
        match self.value(shape, 0) {
            Ok(()) if self.input.has(1) => Err(self.input.locate(DecodeError::Trailing)),
            Ok(()) => Ok(self.input.claimed()),
            Err(error) => Err(self.input.locate(error)),
        }
    }

    fn value(&mut self, shape: &Shape, depth: u32) -> Result<(), DecodeError> {
        match shape {
            Shape::Bool => self.input.read::<bool>().map(drop),
            Shape::Byte => self.input.read::<u8>().map(drop),
            Shape::Integer(16) => self.input.read::<u16>().map(drop),
            Shape::Integer(32) => self.input.read::<u32>().map(drop),
            Shape::Integer(64) => self.input.read::<u64>().map(drop),
            Shape::Integer(_) => self.input.read::<u128>().map(drop),
            Shape::Float(size) => self.input.take(*size).map(drop),
            Shape::Char => self.input.read::<char>().map(drop),
            Shape::Text => self.input.text().map(drop),
            Shape::Bytes => self.input.byte_string().map(drop),
            Shape::Option(inner) => match self.input.read::<u8>()? {
                0 => Ok(()),
                1 => self.value(inner, limit_depth(depth)?),
                _ => Err(DecodeError::Invalid("option")),
            },
            Shape::List(element) | Shape::Set(element) => {
                let count = self.elements(self.footprints.get(element).max(1))?;
                self.repeat(element, count, limit_depth(depth)?)
            }
            Shape::Map(key, value) => {
                let footprint = |shape| self.footprints.get(shape).max(1);
                let count = self.elements(footprint(key).saturating_add(footprint(value)))?;
                let depth = limit_depth(depth)?;
                self.each(count, |walk| {
                    walk.value(key, depth)?;
                    walk.value(value, depth)
                })
            }
            Shape::Array(element, length) => self.repeat(element, *length, limit_depth(depth)?),
            Shape::Boxed(inner) => {
                self.input.claim(self.footprints.get(inner))?;
                self.value(inner, depth)
            }
            // A unit is no level.
            Shape::Fields([]) => Ok(()),
            Shape::Fields(fields) => self.fields(fields, limit_depth(depth)?),
            Shape::Enum(variants) => {
                let index: u32 = self.input.read()?;
                let variant = usize::try_from(index).ok().and_then(|index| variants.get(index));
                let (name, fields) = variant.ok_or(DecodeError::Invalid("variant"))?;
                let depth = limit_depth(depth)?;
                if fields.is_empty() {
                    return Ok(());
                }
                self.step(Step::Name(name), |walk| walk.fields(fields, depth))
            }
            Shape::External(external) => external.decode(&mut self.input, depth),
        }
    }

    /// Reads the number of the elements of a list, set or map, and charges them.
    fn elements(&mut self, footprint: usize) -> Result<usize, DecodeError> {
        let count = self.input.count()?;
        self.input.claim(count.saturating_mul(footprint))?;
        Ok(count)
    }

    fn repeat(&mut self, element: &Shape, count: usize, depth: u32) -> Result<(), DecodeError> {
        if let Shape::Byte = element {
            return self.input.take(count).map(drop);
        }
        self.each(count, |walk| walk.value(element, depth))
    }

    fn each(
        &mut self,
        count: usize,
        read: impl Fn(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        (0..count).try_for_each(|index| self.step(Step::Index(index), &read))
    }

    fn fields(&mut self, fields: Fields, depth: u32) -> Result<(), DecodeError> {
        fields.iter().try_for_each(|(name, field)| {
            self.step(Step::Name(name), |walk| walk.value(field, depth))
        })
    }

    /// Reads a value inside the present one. After an error, records its place.
    fn step(
        &mut self,
        step: Step,
        read: impl FnOnce(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let result = read(self);
        if result.is_err() && step != Step::Name("") {
            self.input.failed_in(step);
        }
        result
    }
}
