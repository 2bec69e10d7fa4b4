use std::{fmt, net::SocketAddr};

use crate::{AuthIdentity, ChannelPack, CloseReason, EnvType, TlsIdentity};

/// What a server's application takes from [`Server::next`](crate::Server::next), beside the client's id.
///
/// Per client id the events are a [`Connected`](ServerReport::Connected), then its messages and requests in the order
/// the client sent them, then a [`Disconnected`](ServerReport::Disconnected); and so on with its next session.
pub enum ServerEvent<C: ChannelPack> {
    /// The session began or ended.
    Report(ServerReport<C::ConnectMsg>),
    /// A one-shot message.
    Msg(C::ClientMsg),
    /// A request beside the token that answers it.
    Request(C::IncomingRequest),
}

impl<C: ChannelPack> fmt::Debug for ServerEvent<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(report) => f.debug_tuple("Report").field(report).finish(),
            Self::Msg(message) => f.debug_tuple("Msg").field(message).finish(),
            Self::Request(request) => f.debug_tuple("Request").field(request).finish(),
        }
    }
}

/// The begin or end of a client's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerReport<M> {
    /// A client was accepted: who it is, and its connect message. Once this has been taken, the client can be sent to.
    Connected(Peer, M),
    /// The session is over. Its unanswered requests can no longer be answered.
    Disconnected(CloseReason),
}

/// What a server knows of a connected client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// Where the client runs, by its own word.
    pub env: EnvType,
    /// Where the connection comes from; `None` for one within the process, and where an axum application does not tell.
    pub address: Option<SocketAddr>,
    /// The client's verified certificate, where the server asks for one and the client has it.
    pub tls: Option<TlsIdentity>,
    /// Who it is, as it showed last: what a token claims, and until when it is worth anything.
    pub identity: AuthIdentity,
}
