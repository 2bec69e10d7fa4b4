//! The close codes of `docs/protocol.md` that a server gives to peers that do not behave.

/// The client closed.
pub const BY_CLIENT: u16 = 1000;
/// Client and server have different schemas.
pub const MISMATCH: u16 = 4000;
/// The wire version is not supported.
pub const WIRE_VERSION: u16 = 4001;
/// Not who it says it is.
pub const UNAUTHENTICATED: u16 = 4002;
/// The server is full.
pub const FULL: u16 = 4050;
/// A client with this id is connected.
pub const DUPLICATE: u16 = 4051;
/// Too much in too short a time.
pub const RATE_LIMITED: u16 = 4052;
/// A handshake was not finished in time, or a message, or a peer fell silent.
pub const TIMEOUT: u16 = 4053;
/// The protocol does not allow it.
pub const VIOLATION: u16 = 4056;
/// A message, or what comes before one is whole, is too big.
pub const TOO_BIG: u16 = 4057;

/// What the code means, in a few words.
pub(crate) fn meaning(code: u16) -> &'static str {
    match code {
        BY_CLIENT | 1001 | 3000..=3999 => "as the client said",
        1002 => "no WebSocket",
        MISMATCH => "another schema",
        WIRE_VERSION => "another wire version",
        UNAUTHENTICATED => "authentication",
        FULL => "server full",
        DUPLICATE => "id in use",
        RATE_LIMITED => "rate limit",
        TIMEOUT => "timeout",
        VIOLATION => "protocol violation",
        TOO_BIG => "too big",
        _ => "another reason",
    }
}
