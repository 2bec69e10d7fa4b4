//! The close codes of `docs/protocol.md` for peers that violate the protocol.

/// The client closed.
pub const BY_CLIENT: u16 = 1000;
/// The schemas of client and server differ.
pub const MISMATCH: u16 = 4000;
/// The wire version is not supported.
pub const WIRE_VERSION: u16 = 4001;
/// Authentication failed.
pub const UNAUTHENTICATED: u16 = 4002;
/// The server is full.
pub const FULL: u16 = 4050;
/// A client with this id is connected.
pub const DUPLICATE: u16 = 4051;
/// The rate limit was exceeded.
pub const RATE_LIMITED: u16 = 4052;
/// A handshake or a message was not complete in time, or the peer was silent for too long.
pub const TIMEOUT: u16 = 4053;
/// The peer violated the protocol.
pub const VIOLATION: u16 = 4056;
/// A message exceeded the limit, or too many bytes arrived without completing a message.
pub const TOO_BIG: u16 = 4057;

/// Returns the meaning of the code.
pub(crate) fn meaning(code: u16) -> &'static str {
    match code {
        BY_CLIENT | 1001 | 3000..=3999 => "code of the client",
        1002 => "WebSocket violation",
        MISMATCH => "schema mismatch",
        WIRE_VERSION => "wire version mismatch",
        UNAUTHENTICATED => "authentication",
        FULL => "server full",
        DUPLICATE => "id in use",
        RATE_LIMITED => "rate limit",
        TIMEOUT => "timeout",
        VIOLATION => "protocol violation",
        TOO_BIG => "too big",
        _ => "other",
    }
}
