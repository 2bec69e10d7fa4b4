//! The events of a server, from the frames of its sessions to the application.

mod decoder;
mod drained;
mod queue;

pub(super) use decoder::{Destination, EventDecoder};
pub(super) use drained::ServerDrained;
pub(super) use queue::{Queued, ServerQueue};

use std::{fmt, net::SocketAddr};

use crate::{
    auth::AuthIdentity, channel::ChannelPack, env::EnvType, tls::TlsIdentity, wire::CloseReason,
};

/// An event of a client, which a server's application takes from
/// [`Server::next`](crate::Server::next) together with the client's id.
///
/// The events of one client id are a [`Connected`](ServerReport::Connected), then the client's
/// messages and requests in the order in which it sent them, then a
/// [`Disconnected`](ServerReport::Disconnected); then the same for its next session.
pub enum ServerEvent<C: ChannelPack> {
    /// The session began or ended.
    Report(ServerReport<C::ConnectMsg>),
    /// A one-shot message.
    Msg(C::ClientMsg),
    /// A request and the token that answers it.
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

/// The begin or the end of a client's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerReport<M> {
    /// The server accepted a client. The report has what is known of it, and its connect message.
    /// From now on the server can send to the client.
    Connected(Peer, M),
    /// The session is over. Its unanswered requests can no longer be answered.
    Disconnected(CloseReason),
}

/// The properties of a connected client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// The platform of the client, as the client states it.
    pub env: EnvType,
    /// The remote address of the connection. `None` for a connection within the process, and for an
    /// axum application that does not provide it.
    pub address: Option<SocketAddr>,
    /// The client's verified certificate, if the server requests certificates and the client has
    /// one.
    pub tls: Option<TlsIdentity>,
    /// The identity of the client by its latest credentials: its id, the claims of its token, and
    /// its expiry.
    pub identity: AuthIdentity,
}
