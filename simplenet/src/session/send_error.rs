use thiserror::Error;

/// Why a message or request failed at once: nothing of it left the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum SendError {
    /// There is no session, or the application has not taken its `Connected` yet.
    #[error("not connected")]
    NotConnected,
    /// `outbox_bytes` wait to be written already.
    #[error("the outbox is full: send less often, or raise `outbox_bytes`")]
    Overflow,
    /// As many requests wait for their answer as the server allows, with those whose [`Call`](crate::Call) was dropped
    /// or timed out: the server has yet to answer these as well.
    #[error("too many requests in flight: wait for answers, or raise the server's `max_in_flight`")]
    TooManyInFlight,
    /// It is larger than the server takes.
    #[error("too large: send less at once, or raise the server's `max_msg_size`")]
    TooLarge,
    /// Its `Serialize` failed.
    #[error("it cannot be encoded")]
    Unencodable,
}
