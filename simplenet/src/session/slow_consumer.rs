/// The reaction to a client that reads more slowly than the server sends to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlowConsumer {
    /// The session ends and its queued messages are dropped. The client may reconnect.
    #[default]
    Disconnect,
    /// Messages that do not fit into the outbox are dropped. Answers to requests are never dropped:
    /// an answer that does not fit ends the session.
    DropMessages,
}
