use std::sync::Arc;

use super::{CallError, CallKey, Calls, RequestStatus, signals::RequestCell};
use crate::{
    channel::ChannelPack,
    client::events::{ClientEvent, ClientQueue},
    request_id::RequestId,
    session::{EndedRequest, RequestEnd, SendError},
};

/// The receiver of the outcome of a request.
#[derive(Debug)]
pub(crate) enum Waiter {
    /// The application, which receives the outcome as an event.
    Event(Arc<RequestCell>),
    /// The future of a call.
    Call(CallKey),
}

impl Waiter {
    /// Reports the end of a request that its session left unanswered.
    pub(crate) fn end<C: ChannelPack>(
        ended: EndedRequest<Self>,
        events: &ClientQueue<C>,
        calls: &Calls<C::ServerResponse>,
    ) {
        let id = RequestId::new(ended.id);
        match (ended.ticket, ended.end) {
            (Self::Event(cell), RequestEnd::SendFailed) => {
                cell.set(RequestStatus::SendFailed(SendError::SessionEnded));
                events.push_event(ClientEvent::SendFailed(id, SendError::SessionEnded));
            }
            (Self::Event(cell), RequestEnd::ResponseLost) => {
                cell.set(RequestStatus::ResponseLost);
                events.push_event(ClientEvent::ResponseLost(id));
            }
            (Self::Call(key), end) => {
                let error = match end {
                    RequestEnd::SendFailed => CallError::SendFailed(SendError::SessionEnded),
                    RequestEnd::ResponseLost => CallError::ResponseLost,
                };
                calls.end(&mut vec![(key, Err(error))]);
            }
        }
    }
}
