mod decoder;
mod queue;

pub(super) use decoder::EventDecoder;
pub(super) use queue::{ClientQueue, Queued};

use std::fmt;

use super::death::DeathReason;
use crate::{channel::ChannelPack, request_id::RequestId, wire::CloseReason};

/// What a client's application takes from [`Client::next`](crate::Client::next).
///
/// The events are those of one session after the other: [`Connected`](ClientReport::Connected), then what the server
/// sends in its order, then how the session ended, then an end for every request that the session left open; last of
/// all [`IsDead`](ClientReport::IsDead). A request that fails at once has its `SendFailed` at any time.
pub enum ClientEvent<C: ChannelPack> {
    /// The state of the connection changed.
    Report(ClientReport),
    /// A one-shot message.
    Msg(C::ServerMsg),
    /// The response to a request.
    Response(C::ServerResponse, RequestId),
    /// The server has received the request and sends no response to it.
    Ack(RequestId),
    /// The server does not serve the request.
    Reject(RequestId),
    /// The request was never handed to the transport: the server did not process it.
    SendFailed(RequestId),
    /// The session ended before the answer came: nobody knows whether the server processed the request.
    ResponseLost(RequestId),
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
            Self::SendFailed(id) => f.debug_tuple("SendFailed").field(id).finish(),
            Self::ResponseLost(id) => f.debug_tuple("ResponseLost").field(id).finish(),
        }
    }
}

/// How the connection of a client changed.
#[derive(Clone, Debug)]
pub enum ClientReport {
    /// The server has welcomed the client. Once this has been taken, messages and requests can be sent.
    Connected,
    /// The session ended by itself. The client connects again unless its configuration says otherwise.
    Disconnected(CloseReason),
    /// The server's application ended the session, or the server did for a terminal reason.
    ClosedByServer(CloseReason),
    /// This side ended the session.
    ClosedBySelf,
    /// The last event: the client does not connect any more.
    IsDead(DeathReason),
}
