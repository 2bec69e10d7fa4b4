//! The functions of the fuzz targets. Each accepts arbitrary bytes, and panics if a decoder
//! violates a rule.
//!
//! A decoder must return without a panic. Each value that it accepts must round-trip: the encoding
//! of the value is not longer than the input, and decodes to the same value.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a fuzz target reports a finding by a panic"
)]

mod message;
mod sessions;
#[cfg(test)]
mod tests;
mod value;

pub use self::message::message;

use bytes::Bytes;
use serde::ser::{Serialize, SerializeTuple, Serializer};

use self::value::Value;
use crate::{
    auth::{AuthSigningKey, AuthToken, AuthVerifyingKey, TokenVerifier},
    wire::{self, ClientFrame, CloseReason, HandshakeReply, Hello, OutgoingFrame, ServerFrame},
};

/// Decodes the bytes as a session frame of each side, and a client's payload as a value.
pub fn frame(bytes: &[u8]) {
    if let Ok(read) = ClientFrame::decode(bytes) {
        if let ClientFrame::Message(payload) | ClientFrame::Request(_, payload) = &read {
            value(payload);
        }
        let written = client_frame(&read);
        assert_round_trip(bytes, written.frame());
        assert_eq!(ClientFrame::decode(written.frame()), Ok(read));
    }
    if let Ok(read) = ServerFrame::decode(bytes) {
        let written = server_frame(&read);
        assert_round_trip(bytes, written.frame());
        assert_eq!(ServerFrame::decode(written.frame()), Ok(read));
    }
}

/// Decodes the bytes as a hello, and as the answer to a hello.
pub fn hello(bytes: &[u8]) {
    if let Ok(read) = Hello::decode(Bytes::copy_from_slice(bytes)) {
        let written = read.encode().expect("a hello that was read can be written");
        assert_round_trip(bytes, &written);
        assert_eq!(Hello::decode(written), Ok(read));
    }
    match HandshakeReply::decode(bytes) {
        Ok(HandshakeReply::Welcome(read)) => {
            let written = read.encode();
            assert_round_trip(bytes, &written);
            assert_eq!(HandshakeReply::decode(&written), Ok(HandshakeReply::Welcome(read)));
        }
        // If the frame has another wire version, only the version is decoded.
        Ok(HandshakeReply::Refused(CloseReason::WireVersion { .. })) | Err(_) => {}
        Ok(HandshakeReply::Refused(read)) => {
            // The close code may be one that no refusal has. The decoded reason must still
            // round-trip.
            let decoded = HandshakeReply::decode(&wire::encode_refused(&read));
            let Ok(HandshakeReply::Refused(reason)) = &decoded else { panic!("{decoded:?}") };
            assert_eq!(HandshakeReply::decode(&wire::encode_refused(reason)), decoded);
        }
    }
}

/// Decodes a token or a key, as bytes or text. No modified token may be accepted.
pub fn token(bytes: &[u8]) {
    if let Ok(token) = AuthToken::from_bytes(bytes) {
        assert_eq!(token.as_bytes(), bytes);
        assert_eq!(token.to_string().parse().as_ref(), Ok(&token));
        assert!(token.server().is_none() || token.channel().is_some());
        let verifier = TokenVerifier::new([golden_key()]).channel("chat").server("eu");
        if verifier.verify(&token, token.issued_at()).is_ok() {
            assert_eq!(
                token.id().to_string(),
                "11".repeat(16),
                "accepted a token that was not signed"
            );
            assert_eq!((token.client_id().get(), token.claims()), (7, &b"moderator"[..]));
        }
    }
    if let Ok(text) = str::from_utf8(bytes) {
        if let Ok(token) = text.parse::<AuthToken>() {
            assert_eq!(token.to_string(), text);
        }
        if let Ok(key) = text.parse::<AuthVerifyingKey>() {
            assert_eq!(key.to_string().parse(), Ok(key));
            assert_eq!(key.to_pem().parse(), Ok(key));
        }
        if let Ok(key) = text.parse::<AuthSigningKey>() {
            let same = key.to_pem().parse::<AuthSigningKey>().expect("a key that was read");
            assert_eq!(same.verifying_key(), key.verifying_key());
        }
    }
}

/// Returns the key of the golden token in `docs/protocol.md`.
fn golden_key() -> AuthVerifyingKey {
    "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg".parse().expect("a key")
}

/// Decodes a payload as a value that contains every kind of type that a schema can declare.
fn value(payload: &[u8]) {
    let decode = |bytes| wire::decode_sized::<Value>(bytes, payload.len()).map(|(value, _)| value);
    if let Ok(read) = decode(payload) {
        let written = wire::encode(&read, payload.len())
            .expect("the encoding is not longer than the payload");
        assert_eq!(decode(&written), Ok(read));
    }
}

fn client_frame(frame: &ClientFrame<'_>) -> OutgoingFrame {
    match frame {
        ClientFrame::Message(payload) => wire::client_message(&Encoded(payload), usize::MAX),
        ClientFrame::Request(id, payload) => wire::request(*id, &Encoded(payload), usize::MAX),
        ClientFrame::Token(token) => Ok(wire::token(token.expose())),
        ClientFrame::Ping(nonce) => Ok(wire::ping(*nonce)),
        ClientFrame::Pong(nonce) => Ok(wire::pong(*nonce)),
    }
    .expect("there is no limit")
}

fn server_frame(frame: &ServerFrame<'_>) -> OutgoingFrame {
    match frame {
        ServerFrame::Message(payload) => wire::server_message(&Encoded(payload), usize::MAX),
        ServerFrame::Response(id, payload) => wire::response(*id, &Encoded(payload), usize::MAX),
        ServerFrame::Ack(id) => Ok(wire::ack(*id)),
        ServerFrame::Reject(id) => Ok(wire::reject(*id)),
        ServerFrame::Ping(nonce) => Ok(wire::ping(*nonce)),
        ServerFrame::Pong(nonce) => Ok(wire::pong(*nonce)),
        ServerFrame::Draining { retry_after } => Ok(wire::draining(*retry_after)),
        ServerFrame::Expiry { remaining } => Ok(wire::expiry(*remaining)),
    }
    .expect("there is no limit")
}

/// Asserts that the encoding is shorter than the input or equal to it. The encoder writes the
/// shortest form of each integer, but the input may contain longer forms.
fn assert_round_trip(read: &[u8], written: &[u8]) {
    assert!(written.len() <= read.len(), "{written:02x?} is longer than {read:02x?}");
    assert!(
        written.len() < read.len() || written == read,
        "{written:02x?} differs from {read:02x?}"
    );
}

/// An encoded value, which serializes as its own bytes.
#[derive(Debug)]
struct Encoded<'a>(&'a [u8]);

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        for byte in self.0 {
            tuple.serialize_element(byte)?;
        }
        tuple.end()
    }
}
