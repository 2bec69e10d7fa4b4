//! The outcomes of messages and requests: statuses, and the futures of calls.

mod call;
mod calls;
mod signals;
mod waiter;

pub use call::{Call, CallError};
pub(crate) use calls::{Answer, CallKey, Calls};
pub(crate) use signals::{Frame, RequestCell};
pub use signals::{MessageSignal, MessageStatus, RequestSignal, RequestStatus};
pub(crate) use waiter::Waiter;
