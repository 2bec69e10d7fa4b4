use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use crate::{request_id::RequestId, session::Progress};

/// The status of one message on its way to the server. Dropping the signal does not affect the
/// message.
///
/// ```
/// use simplenet::MessageStatus;
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[client_message]
///     pub struct Hello;
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = chat::Server::builder().bind_memory()?;
/// let mut client = chat::Client::in_memory(&connector).connect(());
/// let early = client.send(chat::Hello);
/// assert_eq!(early.status(), MessageStatus::Failed, "the client is not connected yet");
///
/// client.recv().await; // `Connected`
/// let signal = client.send(chat::Hello);
/// server.recv().await; // `Connected`
/// server.recv().await; // `Hello`
/// while signal.status() == MessageStatus::Sending {
///     tokio::task::yield_now().await;
/// }
/// assert_eq!(signal.status(), MessageStatus::Sent);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MessageSignal(Option<Frame>);

/// The progress of a message. A status changes at most once, from `Sending` to one of the other
/// values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageStatus {
    /// The message is not written to the socket yet.
    Sending,
    /// The message was written to the socket. Whether the server has received it is unknown.
    Sent,
    /// The message was never handed to the transport, so the server did not receive it.
    Failed,
    /// The message was handed to the transport, but the connection broke before the message was
    /// written. Whether the server has received it is unknown.
    Lost,
}

impl MessageSignal {
    pub(crate) fn failed() -> Self {
        Self(None)
    }

    pub(crate) fn sending(frame: Frame) -> Self {
        Self(Some(frame))
    }

    /// Returns the present status of the message.
    pub fn status(&self) -> MessageStatus {
        self.0.as_ref().map_or(MessageStatus::Failed, Frame::status)
    }
}

/// A frame of a session, identified by its number in the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) progress: Arc<Progress>,
    pub(crate) number: u64,
}

impl Frame {
    fn status(&self) -> MessageStatus {
        // Read `ended` first. Once the session has ended, the counters do not change any more.
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

/// The status of one request. Dropping the signal does not affect the request.
///
/// ```
/// use simplenet::RequestStatus;
///
/// #[simplenet::channel]
/// pub mod clock {
///     #[request(Now)]
///     pub struct GetTime;
///     pub struct Now(pub u64);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = clock::Server::builder().bind_memory()?;
/// let mut client = clock::Client::in_memory(&connector).connect(());
/// client.recv().await; // `Connected`
/// let signal = client.request(clock::GetTime);
///
/// server.recv().await; // `Connected`
/// let Some((_, clock::ServerEvent::Request(request))) = server.recv().await else { panic!() };
/// drop(request); // Dropping the token rejects the request.
/// let answer = client.recv().await;
/// assert!(matches!(answer, Some(clock::ClientEvent::Reject(id)) if id == signal.id()));
/// assert_eq!(signal.status(), RequestStatus::Rejected);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RequestSignal {
    id: RequestId,
    end: Arc<RequestCell>,
    frame: Option<Frame>,
}

/// The progress of a request. A request begins as `Sending`, and usually continues as `Waiting`.
/// Each of the other values is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestStatus {
    /// The request is not handed to the transport yet.
    Sending,
    /// The request was handed to the transport, and is not answered yet.
    Waiting,
    /// The response has arrived.
    Responded,
    /// The server has acknowledged the request and sends no response.
    Acknowledged,
    /// The server has rejected the request.
    Rejected,
    /// The request was never handed to the transport, so the server did not process it.
    SendFailed,
    /// The session ended before the answer arrived. Whether the server processed the request is
    /// unknown.
    ResponseLost,
}

impl RequestSignal {
    pub(crate) fn new(id: RequestId, end: Arc<RequestCell>, frame: Option<Frame>) -> Self {
        Self { id, end, frame }
    }

    /// Returns the id of the request. The events of the request contain this id.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// Returns the present status of the request.
    pub fn status(&self) -> RequestStatus {
        match (self.end.get(), &self.frame) {
            (Some(end), _) => end,
            (None, Some(frame)) if frame.is_handed() => RequestStatus::Waiting,
            (None, _) => RequestStatus::Sending,
        }
    }
}

/// The final status of a request, once it has ended.
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
    /// Sets the final status. Later calls change nothing.
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
