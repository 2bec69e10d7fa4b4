/// The treatment of a new client whose id is already in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DuplicateId {
    /// Refuses the new client with [`DuplicateId`](crate::CloseReason::DuplicateId). The new client
    /// may retry.
    #[default]
    Reject,
    /// Ends the old session with [`TakenOver`](crate::CloseReason::TakenOver), and then accepts the
    /// new client. The old client does not reconnect by itself.
    TakeOver,
}
