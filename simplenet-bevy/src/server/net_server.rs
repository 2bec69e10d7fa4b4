use std::{collections::HashMap, fmt, marker::PhantomData, ops::Deref};

use bevy_ecs::{component::Component, entity::Entity, resource::Resource, system::Res};
use simplenet::{ChannelPack, ClientId, Peer, Server, ServerEvent, ServerHandle};

/// A server whose events [`SimplenetServerPlugin`](crate::SimplenetServerPlugin) receives.
///
/// It dereferences to a [`ServerHandle`], which sends. Removing the resource stops the server.
#[derive(Resource)]
pub struct NetServer<C: ChannelPack, M: Send + Sync + 'static = ()> {
    server: Server<C>,
    received: u64,
    pub(super) entities: HashMap<ClientId, Entity>,
    marker: PhantomData<fn() -> M>,
}

impl<C: ChannelPack, M: Send + Sync + 'static> NetServer<C, M> {
    /// Creates the resource from a server.
    pub fn new(server: Server<C>) -> Self {
        Self { server, received: 0, entities: HashMap::new(), marker: PhantomData }
    }

    /// Returns the entity of a client, if the plugin spawns
    /// [entities](crate::SimplenetServerPlugin::with_entities).
    pub fn entity(&self, client: impl Into<ClientId>) -> Option<Entity> {
        self.entities.get(&client.into()).copied()
    }

    /// Returns the next event and its number.
    pub(super) fn receive(&mut self) -> Option<(u64, ClientId, ServerEvent<C>)> {
        let (client, event) = self.server.next()?;
        self.received += 1;
        Some((self.received, client, event))
    }
}

impl<C: ChannelPack, M: Send + Sync + 'static> Deref for NetServer<C, M> {
    type Target = ServerHandle<C>;

    fn deref(&self) -> &ServerHandle<C> {
        &self.server
    }
}

impl<C: ChannelPack, M: Send + Sync + 'static> fmt::Debug for NetServer<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NetServer").field(&self.server).finish()
    }
}

/// A client of a server, on the entity that the plugin spawns with its `Connected` and despawns
/// with its `Disconnected`.
///
/// If the application despawns the entity or removes the component, the client is disconnected.
#[derive(Component)]
pub struct RemoteClient<C: ChannelPack, M: Send + Sync + 'static = ()> {
    /// The id of the client.
    pub id: ClientId,
    /// The address, the environment and the identity of the client.
    pub peer: Peer,
    pub(super) marker: PhantomData<fn() -> (C, M)>,
}

impl<C: ChannelPack, M: Send + Sync + 'static> fmt::Debug for RemoteClient<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteClient").field("id", &self.id).field("peer", &self.peer).finish()
    }
}

/// A run condition: there is a server, and clients can connect.
pub fn server_running<C: ChannelPack, M: Send + Sync + 'static>(
    server: Option<Res<NetServer<C, M>>>,
) -> bool {
    server.is_some_and(|server| !server.is_dead())
}
