//! Requests whose answer reaches an observer of their entity.

use bevy_app::App;
use bevy_ecs::prelude::*;
use simplenet::{CloseReason, SendError};
use simplenet_bevy::{
    Answered, NetClient, RequestCommands, RequestFailure, Requested, ServerNetEvent,
    ServerReceived, SimplenetClientPlugin, SimplenetServerPlugin,
};

use crate::{
    app, app_with, client, connect,
    game::{Game, IncomingRequest, Join, Joined, Leave, Left},
    pair, server, update_until,
};

#[derive(Default, Resource)]
struct Results(Vec<Result<u32, RequestFailure>>);

fn results(app: &App) -> &[Result<u32, RequestFailure>] {
    &app.world().resource::<Results>().0
}

/// Makes a request whose result is logged.
fn join(app: &mut App, number: u32) -> Entity {
    app.init_resource::<Results>();
    let mut commands = app.world_mut().commands();
    let entity = commands
        .request::<Game, _>(Join(number))
        .observe(|answer: On<Answered<Game, Join>>, mut results: ResMut<Results>| {
            results.0.push(answer.result.as_ref().map(|joined| joined.0).map_err(|error| *error));
        })
        .id();
    app.world_mut().flush();
    entity
}

/// Answers each `Join` with ten times its number, but rejects 0 and acknowledges 1.
fn answer_joins(app: &mut App) {
    app.add_systems(bevy_app::Update, |mut received: MessageReader<ServerReceived<Game>>| {
        for ServerReceived { event, .. } in received.read() {
            if let ServerNetEvent::Request(slot) = event
                && let Some(IncomingRequest::Join(Join(number), token)) = slot.take()
            {
                match number {
                    0 => token.reject(),
                    1 => token.ack(),
                    _ => token.respond(Joined(number * 10)),
                };
            }
        }
    });
}

#[test]
fn answer_reaches_the_observer_and_the_entity_is_despawned() {
    let mut app = app();
    answer_joins(&mut app);
    connect(&mut app);
    let entities = [2, 0, 1, 3].map(|number| join(&mut app, number));
    update_until(&mut app, "four results", |app| results(app).len() == 4);
    let expected =
        [Ok(20), Err(RequestFailure::Rejected), Err(RequestFailure::Acknowledged), Ok(30)];
    assert_eq!(results(&app), expected);
    for entity in entities {
        assert!(app.world().get_entity(entity).is_err());
    }
}

#[test]
fn request_without_a_session_fails() {
    let mut app = app();
    join(&mut app, 2);
    update_until(&mut app, "the result", |app| !results(app).is_empty());
    // The server may have accepted the client already.
    assert!(matches!(
        results(&app)[..],
        [Err(RequestFailure::SendFailed(
            SendError::NotConnected | SendError::ConnectedNotReceived
        ))]
    ));
    connect(&mut app);
    (0..5).for_each(|_| app.update());
    assert_eq!(results(&app).len(), 1, "one result per request");
}

#[test]
fn request_without_a_client_fails() {
    let mut app = App::new();
    app.add_plugins(SimplenetClientPlugin::<Game>::new());
    join(&mut app, 2);
    app.update();
    app.update();
    assert_eq!(results(&app), [Err(RequestFailure::SendFailed(SendError::NotConnected))]);
}

#[test]
fn request_of_a_lost_session_is_lost() {
    let mut app = app();
    connect(&mut app);
    join(&mut app, 2);
    let id = client(&app).id();
    server(&app).disconnect(id, CloseReason::kicked("enough"));
    update_until(&mut app, "the result", |app| !results(app).is_empty());
    assert!(matches!(
        results(&app),
        [Err(RequestFailure::ResponseLost
            | RequestFailure::SendFailed(_)
            | RequestFailure::Rejected)]
    ));
}

#[test]
fn request_of_a_replaced_client_is_lost() {
    let mut app = app();
    connect(&mut app);
    join(&mut app, 2);
    let (_server, other) = pair();
    app.insert_resource(NetClient::<Game>::new(other));
    update_until(&mut app, "the result", |app| !results(app).is_empty());
    assert_eq!(results(&app), [Err(RequestFailure::ResponseLost)]);
}

#[test]
fn split_requests_can_be_answered_in_a_later_update() {
    let server = SimplenetServerPlugin::new().split_request::<Join>().split_request::<Leave>();
    let mut app = app_with(server, SimplenetClientPlugin::new());

    /// A request that waits for its answer.
    #[derive(Component)]
    struct Waiting(simplenet_bevy::Slot<game_token::Token>, u32);

    app.add_systems(
        bevy_app::Update,
        |mut requests: MessageReader<Requested<Game, Join>>, mut commands: Commands| {
            for Requested { request, token, .. } in requests.read() {
                commands.spawn(Waiting(token.clone(), request.0));
            }
        },
    );
    app.add_systems(bevy_app::Update, |mut requests: MessageReader<Requested<Game, Leave>>| {
        for Requested { token, .. } in requests.read() {
            token.take().expect("the only reader").respond(Left);
        }
    });
    connect(&mut app);
    join(&mut app, 4);
    let mut count = 0;
    update_until(&mut app, "a waiting request", |app| {
        count += 1;
        app.world_mut().query::<&Waiting>().iter(app.world()).count() == 1
    });
    (0..10).for_each(|_| app.update());
    assert!(results(&app).is_empty(), "the component keeps the request");
    let waiting = app.world_mut().query::<&Waiting>().iter(app.world()).next().expect("one");
    waiting.0.take().expect("unanswered").respond(Joined(waiting.1 + 1));
    update_until(&mut app, "the result", |app| !results(app).is_empty());
    assert_eq!(results(&app), [Ok(5)]);
}

/// The marker of a second client.
struct Second;

#[test]
fn answer_reaches_the_observer_of_a_client_with_a_marker() {
    let (net_server, net_client) = pair();
    let mut app = App::new();
    app.add_plugins((
        SimplenetServerPlugin::<Game>::new(),
        SimplenetClientPlugin::<Game, Second>::new(),
    ))
    .insert_resource(simplenet_bevy::NetServer::<Game>::new(net_server))
    .insert_resource(NetClient::<Game, Second>::new(net_client))
    .init_resource::<Results>();
    answer_joins(&mut app);
    update_until(&mut app, "the session", |app| {
        app.world().resource::<NetClient<Game, Second>>().is_connected()
    });
    app.world_mut().commands().request_by::<Game, Second, _>(Join(2)).observe(
        |answer: On<Answered<Game, Join>>, mut results: ResMut<Results>| {
            results.0.push(answer.result.as_ref().map(|joined| joined.0).map_err(|error| *error));
        },
    );
    app.world_mut().flush();
    update_until(&mut app, "the result", |app| !results(app).is_empty());
    assert_eq!(results(&app), [Ok(20)]);
}

#[test]
fn split_request_is_taken_from_the_message_of_all_events() {
    #[derive(Default, Resource)]
    struct Slots(Vec<bool>);

    let plugin = SimplenetServerPlugin::new().split_request::<Leave>();
    let mut app = app_with(plugin, SimplenetClientPlugin::new());
    app.init_resource::<Slots>().add_systems(
        bevy_app::Update,
        |mut received: MessageReader<ServerReceived<Game>>, mut slots: ResMut<Slots>| {
            for ServerReceived { event, .. } in received.read() {
                if let ServerNetEvent::Request(slot) = event {
                    slots.0.push(slot.take().is_some());
                }
            }
        },
    );
    connect(&mut app);
    client(&app).request(Leave);
    client(&app).request(Join(1));
    update_until(&mut app, "two requests", |app| app.world().resource::<Slots>().0.len() == 2);
    assert_eq!(app.world().resource::<Slots>().0, [false, true], "only `Leave` is split");
}

#[test]
fn untaken_request_is_rejected_after_two_updates() {
    let mut app = app();
    connect(&mut app);
    join(&mut app, 2);
    update_until(&mut app, "the result", |app| !results(app).is_empty());
    assert_eq!(results(&app), [Err(RequestFailure::Rejected)]);
}

mod game_token {
    pub(super) type Token = simplenet::RequestToken<crate::game::Game, crate::game::Join>;
}
