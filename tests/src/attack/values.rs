//! The hostile values that the attacks and the integration tests share.

use crate::raw::{self, websocket};

/// Lengths that a field claims although fewer bytes follow.
pub const CLAIMED_LENGTHS: [u64; 6] = [200, 255, 64 * 1024, 1 << 20, u32::MAX as u64, u64::MAX];

/// Lengths in a WebSocket header that exceed the limit of a hello. The last four also exceed the
/// limit of a session.
pub const ANNOUNCED_LENGTHS: [u64; 6] =
    [(64 << 10) + 1, 1 << 20, (1 << 20) + 1, u32::MAX as u64, 1 << 32, (1 << 63) - 1];

/// First bytes of a connection that are not TLS, or that are an invalid TLS record.
pub const NOT_TLS: [&[u8]; 5] = [
    websocket::UPGRADE.as_bytes(),
    &[0; 64],
    &[0xff; 64],
    b"\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00",
    b"SSH-2.0-OpenSSH_9.9\r\n",
];

/// Returns frames that a client may not send, neither as its first frame nor in a session.
pub fn misdirected_frames() -> Vec<Vec<u8>> {
    vec![
        vec![],
        vec![0x00],
        vec![0xff],
        vec![0xff, 0xff],
        vec![0x41, 0, 1, 0, 0, 0, 0, 0],
        vec![0x42, 1, 0, 0, 0, 0, 0],
        vec![0x43, 0],
        raw::response(1, &[1, 1]),
        vec![0x45, 1],
        vec![0x46, 1],
        vec![0x47, 0],
        vec![0x48, 0],
    ]
}

/// Returns input that is not a masked binary message, made from the valid `frame` of a client.
pub fn non_binary_messages(frame: &[u8]) -> Vec<Vec<u8>> {
    vec![
        websocket::frame(websocket::TEXT, b"text", true),
        websocket::frame(websocket::TEXT, &[0xff, 0xfe], true),
        // An unmasked frame. A client must mask its frames.
        websocket::frame(websocket::BINARY, frame, false),
        // A reserved bit and a reserved opcode.
        websocket::frame(websocket::BINARY | 0x40, frame, true),
        websocket::frame(0x83, frame, true),
        // A continuation without a start, a fragmented ping, and a ping that is too long.
        websocket::frame(websocket::CONTINUATION_END, frame, true),
        websocket::frame(0x09, b"ping", true),
        websocket::frame(websocket::PING, &[0; 126], true),
        // A message that starts within another one.
        [
            websocket::frame(websocket::BINARY_START, &frame[..1], true),
            websocket::frame(websocket::BINARY, frame, true),
        ]
        .concat(),
    ]
}
