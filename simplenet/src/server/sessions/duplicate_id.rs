/// The treatment of a client that connects under an id that is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DuplicateId {
    /// Refuses the new client with [`DuplicateId`](crate::CloseReason::DuplicateId). It may retry.
    #[default]
    Reject,
    /// Ends the old session with [`TakenOver`](crate::CloseReason::TakenOver), after which its
    /// client does not reconnect by itself, and then accepts the new client.
    TakeOver,
}
