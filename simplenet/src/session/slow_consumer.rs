/// What happens to a client that does not take what is sent to it as fast as it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlowConsumer {
    /// The session ends; the client may reconnect. What was queued is dropped.
    #[default]
    Disconnect,
    /// Messages that find no room are dropped, one by one. Answers to requests are never dropped: one that finds no
    /// room ends the session.
    DropMessages,
}
