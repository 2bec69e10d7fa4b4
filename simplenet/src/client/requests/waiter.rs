use std::sync::Arc;

use tokio::sync::oneshot;

use super::{CallError, RequestStatus, signals::RequestCell};
use crate::{
    channel::ChannelPack,
    client::events::{ClientEvent, ClientQueue},
    request_id::RequestId,
    session::{EndedRequest, RequestEnd, SendError},
};

/// The receiver of the outcome of a request.
pub(crate) enum Waiter<C: ChannelPack> {
    /// The application, which receives the outcome as an event.
    Event(Arc<RequestCell>),
    /// The future of a call.
    Call(oneshot::Sender<Result<C::ServerResponse, CallError>>),
}

impl<C: ChannelPack> Waiter<C> {
    /// Reports the end of a request that its session left unanswered.
    pub(crate) fn end(ended: EndedRequest<Self>, events: &ClientQueue<C>) {
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
                // The call may have been dropped.
                let _ = call.send(Err(match end {
                    RequestEnd::SendFailed => CallError::SendFailed(SendError::NotConnected),
                    RequestEnd::ResponseLost => CallError::ResponseLost,
                }));
            }
        }
    }
}
