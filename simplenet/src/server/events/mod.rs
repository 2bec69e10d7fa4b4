//! The events of a server, from the frames of its sessions to the application.

mod decoder;
mod drained;
mod inbox;
mod queue;
mod turns;

pub(super) use decoder::{Destination, EventDecoder};
pub(super) use drained::ServerDrained;
pub(super) use inbox::Inbox;
pub(super) use queue::{Batch, Queued, ServerQueue};

use std::{fmt, net::SocketAddr};

use crate::{
    auth::AuthIdentity, channel::ChannelPack, env::EnvType, tls::TlsIdentity, wire::CloseReason,
};

/// An event of a client, which the server's application receives from
/// [`Server::next`](crate::Server::next) together with the client's id.
///
/// The events of one client id are a [`Connected`](ServerReport::Connected), then the client's
/// messages and requests in the order in which the client sent them, then a
/// [`Disconnected`](ServerReport::Disconnected). The client's next session begins with a
/// `Connected` again.
///
/// ```
/// use simplenet::ServerReport;
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[client_message]
///     pub struct Say(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = chat::Server::builder().bind_memory()?;
/// let mut client = chat::Client::in_memory(&connector).connect(());
/// client.recv().await; // `Connected`
/// client.send(chat::Say("hello".into()));
/// client.close();
///
/// let mut received = Vec::new();
/// while let Some((_id, event)) = server.recv().await {
///     match event {
///         chat::ServerEvent::Report(report) => match report {
///             ServerReport::Connected(..) => received.push("connected".into()),
///             ServerReport::Disconnected(..) => break,
///         },
///         chat::ServerEvent::Msg(chat::ClientMsg::Say(said)) => received.push(said.0),
///         chat::ServerEvent::Request(request) => match request {},
///     }
/// }
/// assert_eq!(received, ["connected", "hello"]);
/// # Ok(())
/// # }
/// ```
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

/// The start or the end of a client's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerReport<M> {
    /// The server accepted a client, with these properties and this connect message. Once the
    /// application has received this event, it can send to the client.
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
    /// The remote address of the connection. `None` for a connection within the process, and behind
    /// an axum application that does not provide the address.
    pub address: Option<SocketAddr>,
    /// The client's verified certificate, if the server requests certificates and the client has
    /// one.
    pub tls: Option<TlsIdentity>,
    /// The identity of the client according to its latest credentials: the client's id, the expiry
    /// of the credentials, and the claims of the token.
    pub identity: AuthIdentity,
}

impl<M> fmt::Display for ServerReport<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected(peer, _) => write!(f, "connected: {peer}"),
            Self::Disconnected(reason) => write!(f, "disconnected: {reason}"),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} client", self.env)?;
        match self.address {
            Some(address) => write!(f, " at {address}"),
            None => Ok(()),
        }
    }
}
