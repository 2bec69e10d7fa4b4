use std::sync::Arc;

use tokio::sync::oneshot;

use super::{CallError, RequestStatus, queue::EventQueue, signals::RequestCell};
use crate::{
    ChannelPack, ClientEvent, RequestId, SendError,
    session::{EndedRequest, RequestEnd},
};

/// Who waits for the end of a request.
pub(crate) enum Waiter<C: ChannelPack> {
    /// The application, which takes it as an event.
    Event(Arc<RequestCell>),
    /// A future, which gets it alone.
    Call(oneshot::Sender<Result<C::ServerResponse, CallError>>),
}

impl<C: ChannelPack> Waiter<C> {
    /// Ends a request that its session left without an answer.
    pub(super) fn end(ended: EndedRequest<Self>, events: &EventQueue<C>) {
        let id = RequestId::new(ended.id);
        match (ended.ticket, ended.end) {
            (Self::Event(cell), RequestEnd::SendFailed) => {
                cell.set(RequestStatus::SendFailed);
                events.push_event(ClientEvent::SendFailed(id));
            }
            (Self::Event(cell), RequestEnd::ResponseLost) => {
                cell.set(RequestStatus::ResponseLost);
                events.push_event(ClientEvent::ResponseLost(id));
            }
            (Self::Call(call), end) => {
                // A call that was dropped meanwhile wants no answer.
                let _ = call.send(Err(match end {
                    RequestEnd::SendFailed => CallError::SendFailed(SendError::NotConnected),
                    RequestEnd::ResponseLost => CallError::ResponseLost,
                }));
            }
        }
    }
}
