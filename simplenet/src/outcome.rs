/// The outcome of sending a message or an answer to one client.
///
/// A small value rather than a `Result`: a game loop may ignore it, because the client's `Disconnected` event tells
/// the same story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendOutcome {
    /// In the client's outbox, to be written in the order of the calls. Delivery is at most once, and unknown if the
    /// connection is lost.
    Queued,
    /// Nothing was sent: there is no session with this client whose `Connected` has been taken, or it has ended, or
    /// the request has been answered already.
    NotConnected,
    /// Nothing was sent: the client does not read as fast as it is written to, and its outbox is full. See
    /// [`SlowConsumer`](crate::SlowConsumer).
    Overflow,
    /// Nothing was sent: it is larger than `max_msg_size`. A request is rejected instead.
    TooLarge,
    /// Nothing was sent: its `Serialize` failed. A request is rejected instead.
    Unencodable,
}

impl SendOutcome {
    /// Whether it is [`SendOutcome::Queued`].
    pub fn is_queued(self) -> bool {
        self == Self::Queued
    }
}

/// The outcome of a broadcast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BroadcastOutcome {
    /// The number of clients in whose outbox the message is.
    pub queued: usize,
    /// The number of clients that did not get the message, because their outbox was full.
    pub overflowed: usize,
}
