use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use crate::{
    request_id::RequestId,
    session::{Progress, SendError},
};

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
/// assert!(matches!(early.status(), MessageStatus::Failed(_)), "the client is not connected yet");
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
pub struct MessageSignal(Result<Frame, SendError>);

/// The progress of a message. A status changes at most once, from `Sending` to one of the other
/// values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageStatus {
    /// The message is not written to the socket yet.
    Sending,
    /// The message was written to the socket. Whether the server has received it is unknown.
    Sent,
    /// The message was never handed to the transport, so the server did not receive it.
    Failed(SendError),
    /// The message was handed to the transport, but the connection broke before the message was
    /// written. Whether the server has received it is unknown.
    Lost,
}

impl fmt::Display for MessageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sending => f.write_str("being sent"),
            Self::Sent => f.write_str("sent"),
            Self::Failed(error) => write!(f, "not sent: {error}"),
            Self::Lost => f.write_str("lost with the connection"),
        }
    }
}

impl MessageSignal {
    pub(crate) fn new(sent: Result<Frame, SendError>) -> Self {
        Self(sent)
    }

    /// Returns the present status of the message.
    pub fn status(&self) -> MessageStatus {
        match &self.0 {
            Ok(frame) => frame.status(),
            Err(error) => MessageStatus::Failed(*error),
        }
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
            MessageStatus::Failed(SendError::SessionEnded)
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
    SendFailed(SendError),
    /// The session ended before the answer arrived. Whether the server processed the request is
    /// unknown.
    ResponseLost,
}

impl fmt::Display for RequestStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sending => f.write_str("being sent"),
            Self::Waiting => f.write_str("waiting for the answer"),
            Self::Responded => f.write_str("responded"),
            Self::Acknowledged => f.write_str("acknowledged without a response"),
            Self::Rejected => f.write_str("rejected by the server"),
            Self::SendFailed(error) => write!(f, "not sent: {error}"),
            Self::ResponseLost => f.write_str("the connection was lost before the answer"),
        }
    }
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
pub(crate) struct RequestCell(OnceLock<RequestStatus>);

impl RequestCell {
    /// Sets the final status. Later calls change nothing.
    pub(crate) fn set(&self, end: RequestStatus) {
        let _ = self.0.set(end);
    }

    fn get(&self) -> Option<RequestStatus> {
        self.0.get().copied()
    }
}
