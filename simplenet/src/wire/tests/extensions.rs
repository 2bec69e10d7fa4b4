//! Extensions of a hello and of a welcome.

use bytes::Bytes;

use super::{HASH, hellos, welcome};
use crate::{
    test,
    wire::{
        DecodeError, FrameError, HandshakeReply, Hello, HelloError, HelloExtensions, frame::Kind,
    },
};

/// Encodes extensions whose numbers and lengths have one byte.
fn entries(entries: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(entries.len()).unwrap()];
    for (number, value) in entries {
        bytes.extend([*number, u8::try_from(value.len()).unwrap()]);
        bytes.extend_from_slice(value);
    }
    bytes
}

/// Replaces the extensions of a frame that has none.
fn extended(frame: &[u8], extensions: &[u8]) -> Bytes {
    let (count, rest) = frame.split_last().unwrap();
    assert_eq!(*count, 0);
    [rest, extensions].concat().into()
}

fn hello(extensions: &[u8]) -> Result<HelloExtensions, DecodeError> {
    match Hello::decode(extended(&hellos()[0].1, extensions)) {
        Ok(hello) => Ok(hello.extensions),
        Err(HelloError::Frame(FrameError::Malformed { kind: Kind::Hello, error })) => Err(error),
        other => panic!("{other:?}"),
    }
}

fn is_accepted_in_a_welcome(extensions: &[u8]) -> bool {
    let frame = extended(&welcome().encode(), extensions);
    match HandshakeReply::decode(&frame) {
        Ok(reply) => {
            assert_eq!(reply, HandshakeReply::Welcome(welcome()));
            true
        }
        Err(FrameError::Malformed { kind: Kind::Welcome, .. }) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn unknown_extensions_are_skipped() {
    let known = HelloExtensions { max_msg_size: Some(9), ancestors: vec![] };
    let unknown = entries(&[(1, &[9]), (3, b"retiring"), (200, &[0xff; 200])]);
    assert_eq!(hello(&unknown), Ok(known));
    assert!(is_accepted_in_a_welcome(&unknown));
    let experimental = [1, 251, 0xff, 0xff, 1, 7];
    assert_eq!(hello(&experimental), Ok(HelloExtensions::default()));
    assert!(is_accepted_in_a_welcome(&experimental));
}

#[test]
fn extensions_out_of_order_are_malformed() {
    for invalid in [
        entries(&[(0, &[])]),
        entries(&[(5, &[]), (5, &[])]),
        entries(&[(5, &[]), (4, &[])]),
        // The number of an extension has 16 bits.
        vec![1, 252, 0, 0, 1, 0, 0],
    ] {
        assert!(hello(&invalid).is_err(), "{invalid:02x?}");
        assert!(!is_accepted_in_a_welcome(&invalid), "{invalid:02x?}");
    }
}

#[test]
fn extensions_beyond_their_limit_are_malformed() {
    let numbered = |count: u8| -> Vec<(u8, &[u8])> {
        (1..=count).map(|number| (number + 9, &b""[..])).collect()
    };
    assert_eq!(hello(&entries(&numbered(32))), Ok(HelloExtensions::default()));
    assert!(is_accepted_in_a_welcome(&entries(&numbered(32))));
    let beyond = DecodeError::Unexpected("at most 32 extensions".to_owned());
    assert_eq!(hello(&entries(&numbered(33))), Err(beyond));
    assert!(!is_accepted_in_a_welcome(&entries(&numbered(33))));
    // A count and a length beyond the end of the frame.
    for invalid in
        [vec![253, 255, 255, 255, 255, 255, 255, 255, 255], vec![1, 9, 252, 255, 255, 255, 255]]
    {
        assert_eq!(hello(&invalid), Err(DecodeError::Truncated));
        assert!(!is_accepted_in_a_welcome(&invalid));
    }
}

#[test]
fn known_extension_with_a_malformed_value_is_malformed() {
    let value = |number, value: &[u8]| hello(&entries(&[(number, value)]));
    assert_eq!(value(1, &[]), Err(DecodeError::Truncated));
    assert_eq!(value(1, &[1, 0]), Err(DecodeError::Trailing));
    assert!(value(1, &[253, 0, 0, 0, 0, 1, 0, 0, 0]).is_err());
    assert!(value(2, &[0; 15]).is_err());
    assert!(value(2, &[0; 17]).is_err());
    let hashes = HASH.to_be_bytes().repeat(16);
    let long = |value: &[u8]| {
        let length = u16::try_from(value.len()).unwrap().to_le_bytes();
        hello(&[&[1, 2, 251], &length[..], value].concat())
    };
    assert_eq!(long(&hashes).map(|read| read.ancestors), Ok(vec![HASH; 16]));
    assert!(long(&[&hashes[..], &[0; 16]].concat()).is_err());
}

#[test]
fn hello_contains_the_newest_ancestors() {
    let mut hello = Hello::decode(hellos()[0].1.clone()).unwrap();
    hello.extensions.ancestors = (0..20).collect();
    let read = Hello::decode(hello.encode().unwrap()).unwrap();
    assert_eq!(read.extensions.ancestors, (0..16).collect::<Vec<u128>>());
}
