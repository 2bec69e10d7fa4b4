//! The frames in a WebSocket message of a session: one or more, each with its length before it.

use std::{
    fmt::{self, Debug, Formatter},
    iter::FusedIterator,
    mem,
};

use bytes::Bytes;

use super::{
    FrameError,
    codec::{Scratch, integer_bytes, memory_budget, split_integer},
    frame::{Kind, Size, debug},
};

/// The size in bytes up to which a sender may pack any number of frames into one WebSocket message.
pub const PACKED_BYTES: usize = 16 * 1024;

/// The size in bytes above which a broadcast shares the memory of its frame.
const SHARED_BYTES: usize = 1024;

/// The maximum size of the length before a frame, in bytes.
pub(super) const MAX_LENGTH_BYTES: usize = 5;

/// Returns the maximum size of a WebSocket message, in bytes, to a receiver whose frames have at
/// most `max_msg_size` bytes.
pub fn max_message_bytes(max_msg_size: usize) -> usize {
    max_msg_size.saturating_add(MAX_LENGTH_BYTES).max(PACKED_BYTES)
}

/// A frame that can be sent, with its length before it.
pub struct OutgoingFrame {
    bytes: FrameBytes,
    /// The number of bytes before the frame itself.
    length_bytes: usize,
    /// The memory in bytes that the payload needs at the receiver, as counted by its budget. 0 if
    /// every receiver that accepts the frame has a sufficient budget.
    memory: usize,
}

/// The bytes of a frame and of its length.
enum FrameBytes {
    /// The bytes are at the end of a buffer, which the thread reuses. They begin at `start`.
    Scratch {
        buffer: Scratch,
        start: usize,
    },
    Shared(Bytes),
}

impl OutgoingFrame {
    /// Completes the frame in `buffer`. The frame follows [`MAX_LENGTH_BYTES`] bytes, which are
    /// overwritten with its length.
    pub(super) fn complete(mut buffer: Scratch) -> Self {
        let length = buffer.len() - MAX_LENGTH_BYTES;
        let (encoded, size) = integer_bytes(length as u64);
        let start = MAX_LENGTH_BYTES - size;
        buffer[start..MAX_LENGTH_BYTES].copy_from_slice(&encoded[..size]);
        Self { bytes: FrameBytes::Scratch { buffer, start }, length_bytes: size, memory: 0 }
    }

    /// Creates a frame from bytes that contain the length already.
    pub(super) fn from_shared(packed: Bytes, length_bytes: usize) -> Self {
        Self { bytes: FrameBytes::Shared(packed), length_bytes, memory: 0 }
    }

    /// Returns a frame whose copies share their memory, and which occupies no buffer of the thread.
    pub fn to_shared(&self) -> Self {
        let bytes = match &self.bytes {
            FrameBytes::Scratch { .. } => Bytes::copy_from_slice(self.packed()),
            FrameBytes::Shared(bytes) => bytes.clone(),
        };
        Self { bytes: FrameBytes::Shared(bytes), ..*self }
    }

    /// Prepares the frame to be sent to many peers. The memory of a long frame is shared. A short
    /// frame is copied into the messages of each peer, which costs less than a message of its own.
    pub fn for_many(self) -> Self {
        if self.packed().len() > SHARED_BYTES { self.to_shared() } else { self }
    }

    /// Returns the frame with its length before it.
    #[inline]
    pub fn packed(&self) -> &[u8] {
        match &self.bytes {
            FrameBytes::Scratch { buffer, start } => &buffer[*start..],
            FrameBytes::Shared(bytes) => bytes,
        }
    }

    /// Returns the frame without its length.
    #[inline]
    pub fn frame(&self) -> &[u8] {
        &self.packed()[self.length_bytes..]
    }

    /// Returns the payload of a message, request or response.
    pub(super) fn payload(&self) -> &[u8] {
        let Some((&kind, body)) = self.frame().split_first() else { return &[] };
        let has_id = kind == Kind::Request as u8 || kind == Kind::Response as u8;
        let id = has_id.then(|| split_integer(body).ok()).flatten();
        id.and_then(|(_, size)| body.get(size..)).unwrap_or(body)
    }

    /// Sets the memory in bytes that the payload needs at the receiver.
    pub(super) fn with_memory(self, memory: usize) -> Self {
        Self { memory, ..self }
    }

    /// Returns true if a receiver whose frames have at most `max_msg_size` bytes refuses the frame.
    #[inline]
    pub fn is_too_large(&self, max_msg_size: usize) -> bool {
        self.frame().len() > max_msg_size || self.memory > memory_budget(max_msg_size)
    }

    /// Returns the frame with its length before it, if its memory is shared.
    pub fn shared(&self) -> Option<&Bytes> {
        match &self.bytes {
            FrameBytes::Scratch { .. } => None,
            FrameBytes::Shared(bytes) => Some(bytes),
        }
    }

    /// Copies the frame, with its length before it.
    pub fn to_bytes(&self) -> Bytes {
        Bytes::copy_from_slice(self.packed())
    }
}

impl Debug for OutgoingFrame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        debug(f, "OutgoingFrame", &[&Size(self.frame().len())])
    }
}

/// Returns the frames of a WebSocket message. After an error, there are no more frames.
pub fn frames(message: &[u8]) -> Frames<'_> {
    Frames { rest: message, begins: true }
}

/// The frames of a WebSocket message, in order.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    rest: &'a [u8],
    begins: bool,
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<&'a [u8], FrameError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let begins = mem::take(&mut self.begins);
        if self.rest.is_empty() {
            return begins.then_some(Err(FrameError::NoFrame));
        }
        match split(self.rest) {
            Ok((frame, rest)) => {
                self.rest = rest;
                Some(Ok(frame))
            }
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}

impl FusedIterator for Frames<'_> {}

/// Splits the first frame of a message from the others.
#[inline]
fn split(message: &[u8]) -> Result<(&[u8], &[u8]), FrameError> {
    let (length, size) = split_integer(message).map_err(|_| FrameError::Length)?;
    let length = u32::try_from(length).ok().filter(|_| size <= MAX_LENGTH_BYTES);
    let length =
        length.and_then(|length| usize::try_from(length).ok()).ok_or(FrameError::Length)?;
    match message[size..].split_at_checked(length) {
        Some(([], _)) => Err(FrameError::Empty),
        Some(parts) => Ok(parts),
        None => Err(FrameError::Length),
    }
}

/// Removes frames from the start of `message` until their total weight reaches `limit`, and returns
/// them with their weight. `weigh` returns the weight of a frame from its length in bytes.
///
/// A malformed rest of the message counts as one frame.
pub fn take_frames(
    message: &mut Bytes,
    limit: usize,
    weigh: impl Fn(usize) -> usize,
) -> (Bytes, usize) {
    let mut frames = frames(message);
    let mut weight = 0;
    while weight < limit {
        match frames.next() {
            Some(Ok(frame)) => weight += weigh(frame.len()),
            Some(Err(_)) => {
                weight += weigh(0);
                break;
            }
            None => break,
        }
    }
    if frames.rest.is_empty() {
        (mem::take(message), weight)
    } else {
        let taken = message.len() - frames.rest.len();
        (message.split_to(taken), weight)
    }
}
