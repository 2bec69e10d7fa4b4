use bincode::{
    config::Configuration,
    de::{
        BorrowDecode, BorrowDecoder, Decode, Decoder as _, DecoderImpl,
        read::{BorrowReader, Reader, SliceReader},
    },
};

use super::DecodeError;
use crate::wire::codec::FORMAT;

/// The budget for decoded elements, in bytes, that each byte of the message adds.
const BUDGET_PER_BYTE: usize = 32;

/// The base budget of every message for decoded elements, in bytes. It admits short messages with
/// many `None` elements.
const BUDGET_BASE: usize = 256 * 1024;

/// The remaining bytes and the remaining memory budget.
pub(super) struct Input<'de> {
    decoder: DecoderImpl<SliceReader<'de>, Configuration, ()>,
    /// The whole budget.
    budget: usize,
    left: usize,
}

impl<'de> Input<'de> {
    #[inline]
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        let budget = bytes.len().saturating_mul(BUDGET_PER_BYTE).saturating_add(BUDGET_BASE);
        let decoder = DecoderImpl::new(SliceReader::new(bytes), FORMAT, ());
        Self { decoder, budget, left: budget }
    }

    #[inline]
    pub(super) fn read<T: Decode<()>>(&mut self) -> Result<T, DecodeError> {
        Ok(T::decode(&mut self.decoder)?)
    }

    #[inline]
    pub(super) fn has(&mut self, count: usize) -> bool {
        self.decoder.reader().peek_read(count).is_some()
    }

    /// Reads a number of elements, which must not exceed the remaining bytes. Each element occupies
    /// at least one byte, because a schema allows no sequence of zero-sized values.
    #[inline]
    pub(super) fn count(&mut self) -> Result<usize, DecodeError> {
        match usize::try_from(self.read::<u64>()?) {
            Ok(count) if self.has(count) => Ok(count),
            _ => Err(DecodeError::Truncated),
        }
    }

    #[inline]
    pub(super) fn byte_string(&mut self) -> Result<&'de [u8], DecodeError> {
        let length = self.count()?;
        Ok(self.decoder.borrow_reader().take_bytes(length)?)
    }

    #[inline]
    pub(super) fn text(&mut self) -> Result<&'de str, DecodeError> {
        Ok(<&'de str>::borrow_decode(&mut self.decoder)?)
    }

    #[inline]
    pub(super) fn owned_text(&mut self) -> Result<String, DecodeError> {
        let bytes = self.byte_string()?.to_vec();
        String::from_utf8(bytes).map_err(|_| DecodeError::Invalid("text"))
    }

    #[inline]
    pub(super) fn claim(&mut self, size: usize) -> Result<(), DecodeError> {
        self.left = self.left.checked_sub(size).ok_or(DecodeError::OverBudget)?;
        Ok(())
    }

    #[inline]
    pub(super) fn claimed(&self) -> usize {
        self.budget - self.left
    }
}
