use bincode::{
    config::Configuration,
    de::{
        BorrowDecode, BorrowDecoder, Decode, Decoder as _, DecoderImpl,
        read::{BorrowReader, Reader, SliceReader},
    },
};

use super::{DecodeError, LocatedError};
use crate::wire::codec::{
    FORMAT,
    place::{Place, Step},
};

/// The remaining bytes and the remaining memory budget.
pub(in crate::wire) struct Input<'de> {
    decoder: DecoderImpl<SliceReader<'de>, Configuration, ()>,
    /// The whole budget.
    budget: usize,
    left: usize,
    /// The place of the error, if one has occurred.
    place: Place,
}

impl<'de> Input<'de> {
    #[inline]
    pub(in crate::wire) fn new(bytes: &'de [u8], budget: usize) -> Self {
        let decoder = DecoderImpl::new(SliceReader::new(bytes), FORMAT, ());
        Self { decoder, budget, left: budget, place: Place::default() }
    }

    #[inline]
    pub(in crate::wire) fn read<T: Decode<()>>(&mut self) -> Result<T, DecodeError> {
        Ok(T::decode(&mut self.decoder)?)
    }

    #[inline]
    pub(in crate::wire) fn has(&mut self, count: usize) -> bool {
        self.decoder.reader().peek_read(count).is_some()
    }

    /// Reads a number of elements, which must not exceed the remaining bytes. Each element occupies
    /// at least one byte, because a schema allows no sequence of zero-sized values.
    #[inline]
    pub(in crate::wire) fn count(&mut self) -> Result<usize, DecodeError> {
        match usize::try_from(self.read::<u64>()?) {
            Ok(count) if self.has(count) => Ok(count),
            _ => Err(DecodeError::Truncated),
        }
    }

    #[inline]
    pub(in crate::wire) fn byte_string(&mut self) -> Result<&'de [u8], DecodeError> {
        let length = self.count()?;
        self.take(length)
    }

    #[inline]
    pub(in crate::wire) fn take(&mut self, length: usize) -> Result<&'de [u8], DecodeError> {
        Ok(self.decoder.borrow_reader().take_bytes(length)?)
    }

    #[inline]
    pub(in crate::wire) fn text(&mut self) -> Result<&'de str, DecodeError> {
        Ok(<&'de str>::borrow_decode(&mut self.decoder)?)
    }

    #[inline]
    pub(in crate::wire) fn owned_text(&mut self) -> Result<String, DecodeError> {
        let bytes = self.byte_string()?.to_vec();
        String::from_utf8(bytes).map_err(|_| DecodeError::Invalid("text"))
    }

    #[inline]
    pub(in crate::wire) fn claim(&mut self, size: usize) -> Result<(), DecodeError> {
        self.left = self.left.checked_sub(size).ok_or(DecodeError::OverBudget)?;
        Ok(())
    }

    /// Records the step to the value whose decoding has failed.
    pub(in crate::wire) fn failed_in(&mut self, step: Step) {
        self.place.add(step);
    }

    /// Returns an error with its place.
    #[cold]
    pub(in crate::wire) fn locate(self, error: DecodeError) -> LocatedError {
        LocatedError { error, place: self.place }
    }

    #[inline]
    pub(in crate::wire) fn claimed(&self) -> usize {
        self.budget - self.left
    }
}
