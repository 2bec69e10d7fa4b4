use std::{marker::PhantomData, mem};

use bevy_app::{App, Plugin, PostUpdate};
use bevy_ecs::{
    change_detection::DetectChangesMut,
    entity::Entity,
    lifecycle::Remove,
    message::{MessageReader, MessageWriter},
    observer::On,
    query::With,
    resource::Resource,
    schedule::{IntoScheduleConfigs, ScheduleLabel},
    system::{Commands, Local, Query, Res, ResMut},
};
use simplenet::{ClientMessage, CloseReason, ReceivedRequest, ServerEvent, ServerReport};

use super::{
    FromClient, NetServer, RemoteClient, Requested, ServerChannel, ServerNetEvent, ServerReceived,
};
use crate::{SimplenetSystems, Slot, receiving::Receiving};

/// Receives the events of the [`NetServer`] with the same type parameters.
///
/// The resource may be inserted, replaced or removed at any time.
pub struct SimplenetServerPlugin<C, M = ()> {
    receiving: Receiving,
    with_entities: bool,
    marker: PhantomData<fn() -> (C, M)>,
}

impl<C: ServerChannel, M: Send + Sync + 'static> Default for SimplenetServerPlugin<C, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: ServerChannel, M: Send + Sync + 'static> SimplenetServerPlugin<C, M> {
    /// Creates a plugin that receives events in `PreUpdate` and spawns no entities.
    pub fn new() -> Self {
        Self { receiving: Receiving::new(), with_entities: false, marker: PhantomData }
    }

    /// Receives the events in another schedule, such as `FixedPreUpdate` for systems in
    /// `FixedUpdate`.
    pub fn in_schedule(mut self, schedule: impl ScheduleLabel) -> Self {
        self.receiving.schedule = schedule.intern();
        self
    }

    /// Limits the number of events that are received per run; zero counts as one. Further events
    /// stay in the server's event queue. When the queue is full, the server stops reading from its
    /// clients. Default: 4,096.
    pub fn budget(mut self, events: usize) -> Self {
        self.receiving.budget = events.max(1);
        self
    }

    /// Spawns an entity with [`RemoteClient`] for each session, and despawns it after the session
    /// has ended.
    pub fn with_entities(mut self) -> Self {
        self.with_entities = true;
        self
    }

    /// Also writes each message of type `T` from a client as a [`FromClient`].
    pub fn split<T>(mut self) -> Self
    where
        T: ClientMessage<C> + Clone + Send + Sync + 'static,
    {
        self.receiving.add_split(|app, schedule| {
            app.add_message::<FromClient<C, T, M>>().add_systems(
                schedule,
                split::<C, T, M>.in_set(SimplenetSystems::Receive).after(receive::<C, M>),
            );
        });
        self
    }

    /// Writes each request of type `R` as a [`Requested`]. The slot in its [`ServerReceived`] is
    /// then empty.
    pub fn split_request<R>(mut self) -> Self
    where
        R: ReceivedRequest<C> + Sync,
    {
        self.receiving.add_split(|app, schedule| {
            app.add_message::<Requested<C, R, M>>().add_systems(
                schedule,
                split_requests::<C, R, M>.in_set(SimplenetSystems::Receive).after(receive::<C, M>),
            );
        });
        self
    }
}

impl<C: ServerChannel, M: Send + Sync + 'static> Plugin for SimplenetServerPlugin<C, M> {
    fn build(&self, app: &mut App) {
        let options = Options::<C, M> {
            budget: self.receiving.budget,
            with_entities: self.with_entities,
            marker: PhantomData,
        };
        app.add_message::<ServerReceived<C, M>>()
            .insert_resource(options)
            .configure_sets(PostUpdate, SimplenetSystems::Send)
            .add_systems(self.receiving.schedule, receive::<C, M>.in_set(SimplenetSystems::Receive))
            .add_observer(disconnect_removed::<C, M>);
        self.receiving.build_split(app);
    }
}

#[derive(Resource)]
struct Options<C: ServerChannel, M: Send + Sync + 'static> {
    budget: usize,
    with_entities: bool,
    marker: PhantomData<fn() -> (C, M)>,
}

fn receive<C: ServerChannel, M: Send + Sync + 'static>(
    server: Option<ResMut<NetServer<C, M>>>,
    remote_clients: Query<Entity, With<RemoteClient<C, M>>>,
    mut instance: Local<Option<u64>>,
    options: Res<Options<C, M>>,
    mut messages: MessageWriter<ServerReceived<C, M>>,
    mut commands: Commands,
) {
    let present = server.as_ref().map(|server| server.instance());
    if mem::replace(&mut *instance, present) != present {
        // The server was removed or replaced, which has ended all its sessions.
        remote_clients.iter().for_each(|entity| commands.entity(entity).despawn());
    }
    let Some(mut server) = server else { return };
    for ended in server.bypass_change_detection().ended.drain(..) {
        commands.entity(ended).try_despawn();
    }
    for _ in 0..options.budget {
        // Without an event, the resource does not count as changed.
        let Some((sequence, client, event)) = server.bypass_change_detection().receive() else {
            break;
        };
        server.set_changed();
        let mut entity = server.entity(client);
        let event = match event {
            ServerEvent::Report(report) => {
                match &report {
                    ServerReport::Connected(peer, _) if options.with_entities => {
                        let remote =
                            RemoteClient { id: client, peer: peer.clone(), marker: PhantomData };
                        let spawned = commands.spawn::<RemoteClient<C, M>>(remote).id();
                        server.entities.insert(client, spawned);
                        entity = Some(spawned);
                    }
                    ServerReport::Disconnected(_) => {
                        if let Some(ended) = server.entities.remove(&client) {
                            server.ended.push(ended);
                        }
                    }
                    ServerReport::Connected(..) => {}
                }
                ServerNetEvent::Report(report)
            }
            ServerEvent::Msg(message) => ServerNetEvent::Msg(message),
            ServerEvent::Request(request) => ServerNetEvent::Request(Slot::new(request)),
        };
        messages.write(ServerReceived { sequence, client, entity, event, marker: PhantomData });
    }
}

/// Disconnects a client whose entity the application has despawned.
fn disconnect_removed<C: ServerChannel, M: Send + Sync + 'static>(
    removed: On<Remove<RemoteClient<C, M>>>,
    clients: Query<&RemoteClient<C, M>>,
    server: Option<ResMut<NetServer<C, M>>>,
) {
    let (Some(mut server), Ok(client)) = (server, clients.get(removed.entity)) else { return };
    // The entity of a session that has ended is not registered any more.
    if server.entity(client.id) == Some(removed.entity) {
        server.entities.remove(&client.id);
        server.disconnect(client.id, CloseReason::kicked("removed from the game"));
    }
}

fn split<C, T, M>(
    mut received: MessageReader<ServerReceived<C, M>>,
    mut messages: MessageWriter<FromClient<C, T, M>>,
) where
    C: ServerChannel,
    T: ClientMessage<C> + Clone + Send + Sync + 'static,
    M: Send + Sync + 'static,
{
    for &ServerReceived { sequence, client, entity, ref event, .. } in received.read() {
        if let ServerNetEvent::Msg(message) = event
            && let Some(message) = T::from_message(message).cloned()
        {
            messages.write(FromClient { sequence, client, entity, message, marker: PhantomData });
        }
    }
}

fn split_requests<C, R, M>(
    mut received: MessageReader<ServerReceived<C, M>>,
    mut messages: MessageWriter<Requested<C, R, M>>,
) where
    C: ServerChannel,
    R: ReceivedRequest<C> + Sync,
    M: Send + Sync + 'static,
{
    for &ServerReceived { sequence, client, entity, ref event, .. } in received.read() {
        let ServerNetEvent::Request(slot) = event else { continue };
        match slot.take().map(R::from_incoming) {
            Some(Ok((request, token))) => {
                let token = Slot::new(token);
                messages.write(Requested {
                    sequence,
                    client,
                    entity,
                    request,
                    token,
                    marker: PhantomData,
                });
            }
            Some(Err(other)) => slot.put(other),
            None => {}
        }
    }
}
