use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use crate::{request_id::RequestId, session::Progress};

/// Follows one message on its way. Dropping it changes nothing.
#[derive(Clone, Debug)]
pub struct MessageSignal(Option<Frame>);

/// How far a message has come. It only moves forward, from `Sending` to one of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageStatus {
    /// On its way to the socket.
    Sending,
    /// Written to the socket. Delivery is at most once: nothing says that the server has received it.
    Sent,
    /// Never handed to the transport: the server did not receive it.
    Failed,
    /// Handed to the transport when the connection broke: nobody knows.
    Lost,
}

impl MessageSignal {
    pub(crate) fn failed() -> Self {
        Self(None)
    }

    pub(crate) fn sending(frame: Frame) -> Self {
        Self(Some(frame))
    }

    /// How far the message has come.
    pub fn status(&self) -> MessageStatus {
        self.0.as_ref().map_or(MessageStatus::Failed, Frame::status)
    }
}

/// A frame of a session, by its number in the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) progress: Arc<Progress>,
    pub(crate) number: u64,
}

impl Frame {
    fn status(&self) -> MessageStatus {
        // First of all, because nothing moves any more once it is set.
        let ended = self.progress.has_ended();
        if self.number <= self.progress.flushed() {
            MessageStatus::Sent
        } else if !ended {
            MessageStatus::Sending
        } else if self.is_handed() {
            MessageStatus::Lost
        } else {
            MessageStatus::Failed
        }
    }

    fn is_handed(&self) -> bool {
        self.number <= self.progress.handed()
    }
}

/// Follows one request to its end. Dropping it changes nothing.
#[derive(Clone, Debug)]
pub struct RequestSignal {
    id: RequestId,
    end: Arc<RequestCell>,
    frame: Option<Frame>,
}

/// How far a request has come. It only moves forward: `Sending`, perhaps `Waiting`, then one of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestStatus {
    /// On its way to the transport.
    Sending,
    /// Handed to the transport; the answer is awaited.
    Waiting,
    /// The response has come.
    Responded,
    /// The server has received it and sends no response.
    Acknowledged,
    /// The server does not serve it.
    Rejected,
    /// It was never handed to the transport: the server did not process it.
    SendFailed,
    /// The session ended before the answer: nobody knows whether the server processed it.
    ResponseLost,
}

impl RequestSignal {
    pub(crate) fn new(id: RequestId, end: Arc<RequestCell>, frame: Option<Frame>) -> Self {
        Self { id, end, frame }
    }

    /// The request's id, as its events name it.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// How far the request has come.
    pub fn status(&self) -> RequestStatus {
        match (self.end.get(), &self.frame) {
            (Some(end), _) => end,
            (None, Some(frame)) if frame.is_handed() => RequestStatus::Waiting,
            (None, _) => RequestStatus::Sending,
        }
    }
}

/// How a request ended, once it has.
#[derive(Debug, Default)]
pub(crate) struct RequestCell(AtomicU8);

const ENDS: [RequestStatus; 5] = [
    RequestStatus::Responded,
    RequestStatus::Acknowledged,
    RequestStatus::Rejected,
    RequestStatus::SendFailed,
    RequestStatus::ResponseLost,
];

impl RequestCell {
    /// The first end stands.
    pub(crate) fn set(&self, end: RequestStatus) {
        if let Some(index) = ENDS.iter().position(|&known| known == end) {
            let code = index as u8 + 1;
            let _ = self.0.compare_exchange(0, code, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    fn get(&self) -> Option<RequestStatus> {
        let code = self.0.load(Ordering::Acquire);
        ENDS.get(usize::from(code).checked_sub(1)?).copied()
    }
}
