use std::marker::PhantomData;

use bevy_app::{App, Plugin, PostUpdate};
use bevy_ecs::{
    change_detection::DetectChangesMut,
    message::{MessageReader, MessageWriter},
    resource::Resource,
    schedule::{IntoScheduleConfigs, ScheduleLabel},
    system::{Commands, Res, ResMut},
};
use bevy_state::{
    app::{AppExtStates, StatesPlugin},
    state::{NextState, State},
};
use simplenet::{ClientEvent, ClientReport, ServerMessage};

use super::{
    ClientChannel, ClientClosedByServer, ClientConnected, ClientDead, ClientDisconnected,
    ClientNetState, ClientReceived, ClientRetrying, FromServer, NetClient,
    requests::PendingRequests,
};
use crate::{SimplenetSystems, receiving::Receiving};

/// Receives the events of the [`NetClient`] with the same type parameters.
///
/// The resource may be inserted, replaced or removed at any time. Add the plugin after Bevy's
/// `DefaultPlugins`, because it adds `StatesPlugin` if it is missing.
pub struct SimplenetClientPlugin<C, M = ()> {
    receiving: Receiving,
    marker: PhantomData<fn() -> (C, M)>,
}

impl<C: ClientChannel, M: Send + Sync + 'static> Default for SimplenetClientPlugin<C, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: ClientChannel, M: Send + Sync + 'static> SimplenetClientPlugin<C, M> {
    /// Creates a plugin that receives events in `PreUpdate`.
    pub fn new() -> Self {
        Self { receiving: Receiving::new(), marker: PhantomData }
    }

    /// Receives the events in another schedule, such as `FixedPreUpdate` for systems in
    /// `FixedUpdate`.
    pub fn in_schedule(mut self, schedule: impl ScheduleLabel) -> Self {
        self.receiving.schedule = schedule.intern();
        self
    }

    /// Limits the number of events that are received per run; zero counts as one. Further events
    /// stay in the client's event queue. When the queue is full, the client stops reading from the
    /// server. Default: 4,096.
    pub fn budget(mut self, events: usize) -> Self {
        self.receiving.budget = events.max(1);
        self
    }

    /// Also writes each message of type `T` from the server as a [`FromServer`].
    pub fn split<T>(mut self) -> Self
    where
        T: ServerMessage<C> + Clone + Send + Sync + 'static,
    {
        self.receiving.add_split(|app, schedule| {
            app.add_message::<FromServer<C, T, M>>().add_systems(
                schedule,
                split::<C, T, M>.in_set(SimplenetSystems::Receive).after(receive::<C, M>),
            );
        });
        self
    }
}

impl<C: ClientChannel, M: Send + Sync + 'static> Plugin for SimplenetClientPlugin<C, M> {
    fn build(&self, app: &mut App) {
        if !app.is_plugin_added::<StatesPlugin>() {
            app.add_plugins(StatesPlugin);
        }
        app.init_state::<ClientNetState<C, M>>()
            .add_message::<ClientReceived<C, M>>()
            .init_resource::<PendingRequests<C, M>>()
            .insert_resource(Budget::<C, M>(self.receiving.budget, PhantomData))
            .configure_sets(PostUpdate, SimplenetSystems::Send)
            .add_systems(
                self.receiving.schedule,
                receive::<C, M>.in_set(SimplenetSystems::Receive),
            );
        self.receiving.build_split(app);
    }

    /// Sets the first state, so that an app which starts with a client is never in `NoClient`.
    fn finish(&self, app: &mut App) {
        if app.world().contains_resource::<NetClient<C, M>>() {
            app.insert_state(ClientNetState::<C, M>::Connecting);
        }
    }
}

#[derive(Resource)]
struct Budget<C: ClientChannel, M: Send + Sync + 'static>(usize, PhantomData<fn() -> (C, M)>);

fn receive<C: ClientChannel, M: Send + Sync + 'static>(
    client: Option<ResMut<NetClient<C, M>>>,
    budget: Res<Budget<C, M>>,
    state: Res<State<ClientNetState<C, M>>>,
    mut next_state: ResMut<NextState<ClientNetState<C, M>>>,
    mut pending: ResMut<PendingRequests<C, M>>,
    mut messages: MessageWriter<ClientReceived<C, M>>,
    mut commands: Commands,
) {
    let instance = client.as_ref().map(|client| client.instance());
    pending.end_others(instance, &mut commands);
    if let Some(mut client) = client {
        for _ in 0..budget.0 {
            // Without an event, the resource does not count as changed.
            let Some((sequence, event)) = client.bypass_change_detection().receive() else { break };
            if let ClientEvent::Report(report) = &event {
                trigger::<C, M>(report, &mut commands);
            }
            pending.end(&event, &mut commands);
            messages.write(ClientReceived::new(sequence, event));
            client.set_changed();
        }
        set_state(&state, &mut next_state, client.state());
    } else {
        set_state(&state, &mut next_state, ClientNetState::NoClient);
    }
}

fn set_state<C: 'static, M: 'static>(
    state: &State<ClientNetState<C, M>>,
    next: &mut ResMut<NextState<ClientNetState<C, M>>>,
    present: ClientNetState<C, M>,
) {
    if *state.get() != present {
        next.set(present);
    }
}

fn trigger<C: ClientChannel, M: Send + Sync + 'static>(
    report: &ClientReport,
    commands: &mut Commands,
) {
    match report.clone() {
        ClientReport::Connected => commands.trigger(ClientConnected::<C, M>::new()),
        ClientReport::Disconnected(reason) => {
            commands.trigger(ClientDisconnected::<C, M>::new(reason));
        }
        ClientReport::ClosedByServer(reason) => {
            commands.trigger(ClientClosedByServer::<C, M>::new(reason));
        }
        ClientReport::ClosedBySelf => {}
        ClientReport::Retrying { reason, attempt, delay } => {
            commands.trigger(ClientRetrying::<C, M>::new(reason, attempt, delay));
        }
        ClientReport::IsDead(reason) => commands.trigger(ClientDead::<C, M>::new(reason)),
    }
}

fn split<C, T, M>(
    mut received: MessageReader<ClientReceived<C, M>>,
    mut messages: MessageWriter<FromServer<C, T, M>>,
) where
    C: ClientChannel,
    T: ServerMessage<C> + Clone + Send + Sync + 'static,
    M: Send + Sync + 'static,
{
    for ClientReceived { sequence, event, .. } in received.read() {
        if let ClientEvent::Msg(message) = event
            && let Some(message) = T::from_message(message)
        {
            messages.write(FromServer::new(*sequence, message.clone()));
        }
    }
}
