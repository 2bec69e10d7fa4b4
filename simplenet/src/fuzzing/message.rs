use std::collections::VecDeque;

use bytes::Bytes;

use super::{client_frame, server_frame, sessions};
use crate::{
    backpressure::event_weight,
    session::Outbox,
    wire::{self, ClientFrame, FrameError, OutgoingFrame, PACKED_BYTES, ServerFrame},
};

/// Reads the bytes after the first one as a WebSocket message of a session, in batches and as a
/// whole. The limit of a batch is the first byte and one more.
pub fn message(bytes: &[u8]) {
    let Some((&limit, message)) = bytes.split_first() else { return };
    let (frames, error) = unpack(message);
    assert_covered(message, &frames, error.as_ref());
    assert_same_in_batches(message, usize::from(limit) + 1, &(frames.clone(), error));
    assert_repacked(message, &frames, |frame| {
        ClientFrame::decode(frame).ok().map(|read| client_frame(&read))
    });
    assert_repacked(message, &frames, |frame| {
        ServerFrame::decode(frame).ok().map(|read| server_frame(&read))
    });
    sessions::receive_as_server(message);
    sessions::receive_as_client(message);
}

/// Returns the frames of a message, and the error after them.
fn unpack(message: &[u8]) -> (Vec<&[u8]>, Option<FrameError>) {
    let mut read = wire::frames(message);
    let mut frames = Vec::new();
    let error = loop {
        match read.next() {
            Some(Ok(frame)) => frames.push(frame),
            Some(Err(error)) => break Some(error),
            None => break None,
        }
    };
    assert_eq!(read.next(), None, "a frame after the end");
    (frames, error)
}

/// Asserts that the frames and their lengths are exactly the bytes before the error.
fn assert_covered(message: &[u8], frames: &[&[u8]], error: Option<&FrameError>) {
    let mut rest = message;
    for frame in frames {
        let (length, size) = length(rest).expect("a frame has a length");
        assert_eq!(*frame, &rest[size..size + length]);
        assert!(!frame.is_empty());
        rest = &rest[size + length..];
    }
    match error {
        None => assert!(rest.is_empty() && !frames.is_empty()),
        Some(FrameError::NoFrame) => assert!(message.is_empty()),
        Some(FrameError::Empty) => assert_eq!(length(rest).map(|(length, _)| length), Some(0)),
        Some(FrameError::Length) => {
            assert!(length(rest).is_none_or(|(length, size)| length > rest.len() - size));
        }
        Some(error) => panic!("{error}"),
    }
}

/// Reads the length before a frame, and returns it with its size in bytes.
fn length(rest: &[u8]) -> Option<(usize, usize)> {
    match *rest {
        [length @ ..=250, ..] => Some((length.into(), 1)),
        [251, low, high, ..] => Some((u16::from_le_bytes([low, high]).into(), 3)),
        [252, a, b, c, d, ..] => Some((u32::from_le_bytes([a, b, c, d]) as usize, 5)),
        _ => None,
    }
}

/// Asserts that batches of at most `limit`, one after the other, have the frames of the whole
/// message and its error. Only the last frame of a batch may exceed the limit.
fn assert_same_in_batches(message: &[u8], limit: usize, whole: &(Vec<&[u8]>, Option<FrameError>)) {
    let mut unread = Bytes::copy_from_slice(message);
    let mut batches = Vec::new();
    loop {
        batches.push(wire::take_frames(&mut unread, limit, event_weight));
        if unread.is_empty() {
            break;
        }
        assert!(batches.len() <= message.len(), "a batch is empty");
    }
    let mut read = Vec::new();
    let mut error = None;
    for (batch, weight) in &batches {
        assert_eq!(error, None, "a batch after the error");
        let (frames, end) = unpack(batch);
        let weights = || frames.iter().map(|frame| event_weight(frame.len()));
        assert_eq!(*weight, weights().sum::<usize>() + usize::from(end.is_some()));
        let before_last = weights().rev().skip(usize::from(end.is_none())).sum::<usize>();
        assert!(before_last < limit, "the batch exceeds its limit by more than a frame");
        read.extend(frames);
        error = end;
    }
    assert_eq!((read, error), *whole);
}

/// Asserts that the frames which `encode` knows are packed again into no more bytes, and that the
/// resulting messages contain the same frames.
fn assert_repacked(
    message: &[u8],
    frames: &[&[u8]],
    encode: impl Fn(&[u8]) -> Option<OutgoingFrame>,
) {
    let encoded: Vec<OutgoingFrame> = frames.iter().filter_map(|frame| encode(frame)).collect();
    let mut outbox = Outbox::new(message.len());
    for frame in &encoded {
        outbox.push_unbounded(frame);
    }
    let mut messages = VecDeque::new();
    outbox.take(&mut messages);
    let mut bytes = 0;
    let mut expected = encoded.iter().map(OutgoingFrame::frame);
    for packed in messages {
        let count = packed.frames;
        let packed = packed.into_bytes();
        let (frames, error) = unpack(&packed);
        assert_eq!((frames.len() as u64, error), (count, None));
        assert!(count == 1 || packed.len() <= PACKED_BYTES);
        assert!(frames.iter().all(|frame| Some(*frame) == expected.next()));
        bytes += packed.len();
    }
    assert_eq!(expected.next(), None, "a frame is not packed");
    assert!(bytes <= message.len(), "{bytes} bytes instead of {}", message.len());
}
