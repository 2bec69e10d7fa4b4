use std::fmt;

/// The outcome of sending a message or an answer to one client.
///
/// The type is not a `Result`, so a game loop can ignore it. The client's `Disconnected` event
/// reports a lost session as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendOutcome {
    /// The message is in the client's outbox. Messages are sent in the order of the calls, and each
    /// is delivered at most once. If the connection is lost, the delivery is unknown.
    Queued,
    /// The message was not sent. The client has no session, or the application has not received the
    /// client's `Connected` yet, or the request is already answered.
    NotConnected,
    /// The message was not sent, because the client reads too slowly and its outbox is full. See
    /// [`SlowConsumer`](crate::SlowConsumer).
    Overflow,
    /// The message or response was not sent, because it exceeds the `max_msg_size` of the server or
    /// of the client, or needs more memory than the client permits: 32 bytes for each byte of
    /// `max_msg_size`, and 1 MiB. The request of such a response is rejected instead.
    TooLarge,
    /// The message or response was not sent, because its `Serialize` failed, or no client could
    /// decode it. The request of such a response is rejected instead. A log line at `error`
    /// contains the field and the reason.
    Unencodable,
}

impl SendOutcome {
    /// Returns true for [`SendOutcome::Queued`].
    pub fn is_queued(self) -> bool {
        self == Self::Queued
    }
}

/// The outcome of a broadcast: the number of clients for each outcome. A client whose `Connected`
/// the application has not received is no receiver, and does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BroadcastOutcome {
    /// The number of clients whose outbox contains the message.
    pub queued: usize,
    /// The number of clients that do not receive the message, because their outbox is full.
    pub overflowed: usize,
    /// The number of clients that do not receive the message, because it exceeds their
    /// `max_msg_size` or needs more memory than they permit.
    pub too_large: usize,
    /// The number of clients that do not receive the message, because it cannot be encoded.
    pub unencodable: usize,
}

impl fmt::Display for SendOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queued => "queued",
            Self::NotConnected => "not sent: not connected, or already answered",
            Self::Overflow => "not sent: the outbox of the client is full",
            Self::TooLarge => "not sent: larger than `max_msg_size` permits",
            Self::Unencodable => "not sent: cannot be encoded, the log contains the reason",
        })
    }
}

impl fmt::Display for BroadcastOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { queued, overflowed, too_large, unencodable } = self;
        write!(
            f,
            "queued for {queued} clients, not sent to {} (overflowed {overflowed}, too large \
             {too_large}, cannot be encoded {unencodable})",
            overflowed + too_large + unencodable
        )
    }
}
