//! A server in an app: its plugin, its events, and its clients as entities.

mod events;
mod net_server;
mod plugin;

pub use self::{
    events::{FromClient, Requested, ServerNetEvent, ServerReceived},
    net_server::{NetServer, RemoteClient, server_running},
    plugin::SimplenetServerPlugin,
};

use simplenet::ChannelPack;

/// A channel whose messages Bevy systems can read. Implemented for every channel whose types
/// implement `Sync`, as generated types do.
pub trait ServerChannel: ChannelPack<ClientMsg: Sync, ConnectMsg: Sync> {}

impl<C> ServerChannel for C
where
    C: ChannelPack,
    C::ClientMsg: Sync,
    C::ConnectMsg: Sync,
{
}
