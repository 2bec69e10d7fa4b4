//! Packed WebSocket messages, by the wire and by a second implementation.

use bytes::Bytes;
use serde_json::Value;

use crate::{
    test,
    vectors::{bytes, text, unhex, vectors},
    wire,
};

const VIOLATION: u64 = 4056;
const TOO_BIG: u64 = 4057;

/// Returns the bytes before a frame of this length.
fn length(frame: &[u8]) -> Vec<u8> {
    let length = u32::try_from(frame.len()).unwrap();
    let bytes = length.to_le_bytes();
    match length {
        0..=250 => vec![bytes[0]],
        251..=0xffff => vec![0xfb, bytes[0], bytes[1]],
        _ => [&[0xfc], &bytes[..]].concat(),
    }
}

/// Splits a message into its frames, and returns whether the message ends without a violation.
/// The session checks the length of each frame.
fn wire_unpack(message: &[u8]) -> (Vec<Bytes>, bool) {
    let mut read = Vec::new();
    for frame in wire::frames(message) {
        match frame {
            Ok(frame) => read.push(Bytes::copy_from_slice(frame)),
            Err(_) => return (read, false),
        }
    }
    (read, true)
}

/// Splits a message into its frames. The code is that of the violation after them.
fn unpack(mut message: &[u8], max_msg_size: usize) -> (Vec<Bytes>, Option<u64>) {
    let mut frames = Vec::new();
    let end = loop {
        let Some((&first, rest)) = message.split_first() else {
            break if frames.is_empty() { Some(VIOLATION) } else { None };
        };
        let (length, rest) = match first {
            ..=0xfa => (usize::from(first), Some(rest)),
            0xfb => (
                rest.first_chunk().map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes))),
                rest.get(2..),
            ),
            0xfc => (
                rest.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize),
                rest.get(4..),
            ),
            _ => break Some(VIOLATION),
        };
        if length > max_msg_size {
            break Some(TOO_BIG);
        }
        let Some((frame, rest)) = rest.and_then(|rest| rest.split_at_checked(length)) else {
            break Some(VIOLATION);
        };
        if frame.is_empty() {
            break Some(VIOLATION);
        }
        frames.push(Bytes::copy_from_slice(frame));
        message = rest;
    };
    (frames, end)
}

fn frames(row: &Value) -> Vec<Bytes> {
    row["frames"].as_array().unwrap().iter().map(|hex| unhex(hex.as_str().unwrap())).collect()
}

#[test]
fn packed_messages_of_the_vectors_are_packed_and_unpacked() {
    for row in vectors("messages") {
        let packed: Vec<u8> =
            frames(&row).iter().flat_map(|frame| [&length(frame), &frame[..]].concat()).collect();
        assert_eq!(packed, bytes(&row), "{}", text(&row, "name"));
    }
    for row in [vectors("messages"), vectors("accepted_messages")].concat() {
        assert_eq!(unpack(&bytes(&row), 1 << 20), (frames(&row), None), "{}", text(&row, "name"));
        assert_eq!(wire_unpack(&bytes(&row)), (frames(&row), true), "{}", text(&row, "name"));
    }
}

#[test]
fn invalid_messages_of_the_vectors_are_refused_after_their_frames() {
    for row in vectors("invalid_messages") {
        let limit = usize::try_from(row["max_msg_size"].as_u64().unwrap()).unwrap();
        let expected = (frames(&row), row["code"].as_u64());
        assert_eq!(unpack(&bytes(&row), limit), expected, "{}", text(&row, "name"));
        if expected.1 == Some(VIOLATION) {
            assert_eq!(wire_unpack(&bytes(&row)), (expected.0, false), "{}", text(&row, "name"));
        }
    }
}
