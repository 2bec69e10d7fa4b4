use thiserror::Error;

/// The reason why a message or request was not queued. The server did not receive it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum SendError {
    /// The client has no session, or is closed.
    #[error("not connected")]
    NotConnected,
    /// The server has accepted the client, but the application has not received the `Connected` of
    /// the session yet.
    #[error("the application has not received `Connected` yet: receive events first")]
    ConnectedNotReceived,
    /// The session ended before the message was handed to the transport.
    #[error("the session ended first")]
    SessionEnded,
    /// The unwritten messages leave no space for this message within `outbox_bytes`.
    #[error("outbox is full: send less often, or raise `outbox_bytes`")]
    Overflow,
    /// The server's limit of unanswered requests is reached. If a [`Call`](crate::Call) is dropped
    /// or times out, its request still counts until the server has answered it.
    #[error("too many requests in flight: wait for answers, or raise the server's `max_in_flight`")]
    TooManyInFlight,
    /// The message exceeds the server's `max_msg_size`, or needs more memory at the server than
    /// that limit permits: 32 bytes for each of its bytes, and 1 MiB.
    #[error("message exceeds the server's `max_msg_size`: send less at once, or raise the limit")]
    TooLarge,
    /// The `Serialize` implementation of the message failed, or no server could decode the message.
    /// A log line at `error` contains the field and the reason.
    #[error("message cannot be encoded: the log names the field and the reason")]
    Unencodable,
}
