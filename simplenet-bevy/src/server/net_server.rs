use std::{
    collections::HashMap,
    fmt,
    marker::PhantomData,
    ops::Deref,
    sync::atomic::{AtomicU64, Ordering},
};

use bevy_ecs::{component::Component, entity::Entity, resource::Resource, system::Res};
use simplenet::{ChannelPack, ClientId, Peer, Server, ServerEvent, ServerHandle};

/// A server whose events [`SimplenetServerPlugin`](crate::SimplenetServerPlugin) receives.
///
/// It dereferences to a [`ServerHandle`], which sends. Removing the resource stops the server.
#[derive(Resource)]
pub struct NetServer<C: ChannelPack, M: Send + Sync + 'static = ()> {
    server: Server<C>,
    /// Distinguishes this server from earlier servers, whose entities are despawned.
    instance: u64,
    received: u64,
    pub(super) entities: HashMap<ClientId, Entity>,
    /// The entities of sessions that ended since the last run of the plugin.
    pub(super) ended: Vec<Entity>,
    marker: PhantomData<fn() -> M>,
}

impl<C: ChannelPack, M: Send + Sync + 'static> NetServer<C, M> {
    /// Creates the resource from a server.
    pub fn new(server: Server<C>) -> Self {
        static INSTANCES: AtomicU64 = AtomicU64::new(0);
        Self {
            server,
            instance: INSTANCES.fetch_add(1, Ordering::Relaxed),
            received: 0,
            entities: HashMap::new(),
            ended: Vec::new(),
            marker: PhantomData,
        }
    }

    /// Returns the entity of a client, if the plugin spawns
    /// [entities](crate::SimplenetServerPlugin::with_entities).
    pub fn entity(&self, client: impl Into<ClientId>) -> Option<Entity> {
        self.entities.get(&client.into()).copied()
    }

    /// Returns a handle, for tasks outside of Bevy. It does not keep the server alive.
    pub fn handle(&self) -> ServerHandle<C> {
        self.server.handle()
    }

    pub(super) fn instance(&self) -> u64 {
        self.instance
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

/// A client of a server. The plugin spawns an entity with this component when it receives the
/// client's `Connected`.
///
/// The plugin despawns the entity one run after it has received the client's `Disconnected`, so the
/// components are still there for the systems that read the event. If the application despawns the
/// entity or removes the component before that, the client is disconnected.
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
