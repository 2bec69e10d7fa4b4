/// What happens when a client connects under an id that is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DuplicateId {
    /// The newcomer is refused with [`DuplicateId`](crate::CloseReason::DuplicateId) and may retry.
    #[default]
    Reject,
    /// The old session ends with [`TakenOver`](crate::CloseReason::TakenOver), and its client does not come back by
    /// itself; then the newcomer is accepted.
    TakeOver,
}
