//! A client in an app: its plugin, its events, its state, and its requests.

mod conditions;
mod events;
mod net_client;
mod plugin;
mod requests;
mod state;

pub use self::{
    conditions::{client_connected, client_just_connected, client_just_disconnected},
    events::{
        ClientClosedByServer, ClientConnected, ClientDead, ClientDisconnected, ClientReceived,
        ClientRetrying, FromServer,
    },
    net_client::NetClient,
    plugin::SimplenetClientPlugin,
    requests::{Answered, RequestCommands, RequestFailure},
    state::ClientNetState,
};

use simplenet::ChannelPack;

/// A channel whose messages Bevy systems can read. Implemented for every channel whose types
/// implement `Clone` and `Sync`, as generated types do.
pub trait ClientChannel:
    ChannelPack<ServerMsg: Clone + Sync, ServerResponse: Clone + Sync>
{
}

impl<C> ClientChannel for C
where
    C: ChannelPack,
    C::ServerMsg: Clone + Sync,
    C::ServerResponse: Clone + Sync,
{
}
