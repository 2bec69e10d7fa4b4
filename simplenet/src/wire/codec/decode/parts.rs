use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::{DecodeError, input::Input, value::ValueDecoder};
use crate::wire::codec::place::Step;

/// The values that a compound value consists of, in order.
pub(super) struct Parts<'a, 'de> {
    input: &'a mut Input<'de>,
    left: usize,
    depth: u32,
    count: usize,
    /// The names of fields, for the place of an error.
    names: &'static [&'static str],
}

impl<'a, 'de> Parts<'a, 'de> {
    #[inline]
    pub(super) fn new(input: &'a mut Input<'de>, count: usize, depth: u32) -> Self {
        Self { input, left: count, depth, count, names: &[] }
    }

    /// Creates access to fields with these names.
    #[inline]
    pub(super) fn named(
        input: &'a mut Input<'de>,
        names: &'static [&'static str],
        depth: u32,
    ) -> Self {
        Self { names, ..Self::new(input, names.len(), depth) }
    }

    #[inline]
    fn more(&mut self) -> bool {
        let more = self.left > 0;
        self.left -= usize::from(more);
        more
    }

    #[inline]
    fn decode<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, DecodeError> {
        let decoder = ValueDecoder::new(&mut *self.input, size_of::<S::Value>(), self.depth);
        let result = seed.deserialize(decoder);
        if result.is_err() {
            self.failed();
        }
        result
    }

    /// Records the place of an error in the current value.
    #[cold]
    fn failed(&mut self) {
        let index = (self.count - self.left).saturating_sub(1);
        let name = self.names.get(index);
        self.input.failed_in(name.map_or(Step::Index(index), |name| Step::Name(name)));
    }
}

/// The fields of a struct, tuple or array. Their memory is part of the value that contains them and
/// has been charged with it.
pub(super) struct Fields<'a, 'de>(pub(super) Parts<'a, 'de>);

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

/// The elements of a sequence or map. The sender chooses their number, so each is charged before it
/// is decoded.
pub(super) struct Elements<'a, 'de>(pub(super) Parts<'a, 'de>);

impl<'de> Elements<'_, 'de> {
    #[inline]
    fn claim_and_decode<S>(&mut self, seed: S) -> Result<S::Value, DecodeError>
    where
        S: DeserializeSeed<'de>,
    {
        // Claims at least one byte, so that a loop over elements of size zero uses up the budget.
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
