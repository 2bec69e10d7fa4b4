//! The events of a client, from the frames of its sessions to the application.

mod decoder;
mod queue;

pub(super) use decoder::EventDecoder;
pub(super) use queue::{ClientQueue, Queued};

use std::{fmt, time::Duration};

use super::{death::DeathReason, state::NotConnected};
use crate::{
    channel::ChannelPack, request_id::RequestId, session::SendError, text, wire::CloseReason,
};

/// An event of a client, which the application receives from [`Client::next`](crate::Client::next).
///
/// The events of a session are a [`Connected`](ClientReport::Connected), then the server's messages
/// and answers in the order in which the server sent them, then a report that the session has
/// ended, then one event for each request that is still unanswered. Before each wait for the next
/// attempt to connect comes a [`Retrying`](ClientReport::Retrying). The last event of a client is
/// [`IsDead`](ClientReport::IsDead). The `SendFailed` of a request that fails at once may come at
/// any time.
///
/// ```
/// use simplenet::{ClientReport, CloseReason};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[server_message]
///     pub struct Posted(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = chat::Server::builder().bind_memory()?;
/// let mut client = chat::Client::in_memory(&connector).connect(());
/// let Some((id, _)) = server.recv().await else { panic!("the server was shut down") };
/// server.send(id, chat::Posted("hello".into()));
/// server.disconnect(id, CloseReason::Kicked("bye".into()));
///
/// let mut received = Vec::new();
/// while let Some(event) = client.recv().await {
///     match event {
///         chat::ClientEvent::Report(ClientReport::Connected) => received.push("connected".into()),
///         chat::ClientEvent::Report(ClientReport::ClosedByServer(reason)) => {
///             assert_eq!(reason, CloseReason::Kicked("bye".into()));
///             break;
///         }
///         chat::ClientEvent::Msg(chat::ServerMsg::Posted(posted)) => received.push(posted.0),
///         other => panic!("unexpected: {other:?}"),
///     }
/// }
/// assert_eq!(received, ["connected", "hello"]);
/// # Ok(())
/// # }
/// ```
pub enum ClientEvent<C: ChannelPack> {
    /// A change of the connection.
    Report(ClientReport),
    /// A one-shot message.
    Msg(C::ServerMsg),
    /// The response to a request.
    Response(C::ServerResponse, RequestId),
    /// The server has acknowledged the request and sends no response.
    Ack(RequestId),
    /// The server has rejected the request.
    Reject(RequestId),
    /// The request was never handed to the transport, so the server did not process it.
    SendFailed(RequestId, SendError),
    /// The session ended before the answer arrived. Whether the server processed the request is
    /// unknown.
    ResponseLost(RequestId),
}

impl<C: ChannelPack> Clone for ClientEvent<C>
where
    C::ServerMsg: Clone,
    C::ServerResponse: Clone,
{
    fn clone(&self) -> Self {
        match self {
            Self::Report(report) => Self::Report(report.clone()),
            Self::Msg(message) => Self::Msg(message.clone()),
            Self::Response(response, id) => Self::Response(response.clone(), *id),
            Self::Ack(id) => Self::Ack(*id),
            Self::Reject(id) => Self::Reject(*id),
            Self::SendFailed(id, error) => Self::SendFailed(*id, *error),
            Self::ResponseLost(id) => Self::ResponseLost(*id),
        }
    }
}

impl<C: ChannelPack> fmt::Debug for ClientEvent<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(report) => f.debug_tuple("Report").field(report).finish(),
            Self::Msg(message) => f.debug_tuple("Msg").field(message).finish(),
            Self::Response(response, id) => {
                f.debug_tuple("Response").field(response).field(id).finish()
            }
            Self::Ack(id) => f.debug_tuple("Ack").field(id).finish(),
            Self::Reject(id) => f.debug_tuple("Reject").field(id).finish(),
            Self::SendFailed(id, error) => {
                f.debug_tuple("SendFailed").field(id).field(error).finish()
            }
            Self::ResponseLost(id) => f.debug_tuple("ResponseLost").field(id).finish(),
        }
    }
}

/// A change of a client's connection.
#[derive(Clone, Debug)]
pub enum ClientReport {
    /// The server has accepted the client. Once the application has received this event, it can
    /// send messages and requests.
    Connected,
    /// The session ended for a temporary reason. The client reconnects, unless its configuration
    /// forbids it.
    Disconnected(CloseReason),
    /// The server's application ended the session, or the server ended it for a permanent reason.
    ClosedByServer(CloseReason),
    /// The session ended because this client was closed.
    ClosedBySelf,
    /// The session ended, or an attempt to connect failed, and the client waits for the next
    /// attempt.
    ///
    /// This report never comes between the `Connected` of a session and the end of that session. A
    /// newer `Retrying` replaces an older one that still waits in the event queue. So a server that
    /// stays unreachable does not fill the queue.
    Retrying {
        /// The reason why the client is not connected: [`NotConnected::Lost`] or
        /// [`NotConnected::Failed`].
        reason: NotConnected,
        /// The number of the next attempt, counted from 1 since the last session.
        attempt: u32,
        /// The wait before the next attempt.
        delay: Duration,
    },
    /// The client does not connect any more. This is its last event.
    IsDead(DeathReason),
}

impl fmt::Display for ClientReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected => f.write_str("connected"),
            Self::Disconnected(reason) => write!(f, "disconnected: {reason}"),
            Self::ClosedByServer(reason) => write!(f, "session ended by the server: {reason}"),
            Self::ClosedBySelf => f.write_str("session ended by this client"),
            Self::Retrying { reason, attempt, delay } => {
                write!(f, "{reason}; attempt {attempt} follows {}", text::after(*delay))
            }
            Self::IsDead(reason) => write!(f, "the client has ended: {reason}"),
        }
    }
}
