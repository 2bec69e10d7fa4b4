//! Events, state, observers and conditions of a client.

use bevy_app::{App, PreUpdate, Update};
use bevy_ecs::prelude::*;
use bevy_state::prelude::*;
use simplenet::{ClientEvent, ClientReport, CloseReason, ConnectError, DeathReason, NotConnected};
use simplenet_bevy::{
    ClientClosedByServer, ClientConnected, ClientDead, ClientDisconnected, ClientNetState,
    ClientReceived, ClientRetrying, FromServer, NetClient, NetServer, SimplenetClientPlugin,
    SimplenetServerPlugin, SimplenetSystems, client_connected, client_just_connected,
    client_just_disconnected,
};

use crate::{
    app, app_with, client, connect,
    game::{Client, Game, Hello, Position, Score, ServerMsg},
    server, update_until,
};

/// A log that systems and observers write.
#[derive(Default, Resource)]
struct Log(Vec<String>);

impl Log {
    fn add(&mut self, entry: impl Into<String>) {
        self.0.push(entry.into());
    }
}

fn log(app: &App) -> Vec<String> {
    app.world().resource::<Log>().0.clone()
}

fn kick(app: &App) {
    let id = client(app).id();
    assert!(server(app).disconnect(id, CloseReason::kicked("enough")).is_queued());
}

#[test]
fn events_are_messages_in_their_order() {
    let mut app = app();
    app.init_resource::<Log>().add_systems(
        Update,
        |mut received: MessageReader<ClientReceived<Game>>, mut log: ResMut<Log>| {
            for ClientReceived { sequence, event, .. } in received.read() {
                log.add(match event {
                    ClientEvent::Report(ClientReport::Connected) => format!("{sequence} connected"),
                    ClientEvent::Report(ClientReport::ClosedByServer(_)) => {
                        format!("{sequence} closed")
                    }
                    ClientEvent::Report(ClientReport::IsDead(_)) => format!("{sequence} dead"),
                    ClientEvent::Msg(ServerMsg::Position(Position(number))) => {
                        format!("{sequence} position {number}")
                    }
                    other => panic!("unexpected: {other:?}"),
                });
            }
        },
    );
    connect(&mut app);
    for number in 0..3 {
        server(&app).broadcast(Position(number));
    }
    kick(&app);
    update_until(&mut app, "the end", |app| client(app).is_dead() && log(app).len() == 6);
    let expected =
        ["1 connected", "2 position 0", "3 position 1", "4 position 2", "5 closed", "6 dead"];
    assert_eq!(log(&app), expected);
}

#[test]
fn split_messages_keep_their_order_per_type_and_their_numbers() {
    let client = SimplenetClientPlugin::new().split::<Position>().split::<Score>();
    let mut app = app_with(SimplenetServerPlugin::new(), client);
    app.init_resource::<Log>()
        .add_systems(
            Update,
            |mut received: MessageReader<FromServer<Game, Position>>, mut log: ResMut<Log>| {
                for FromServer { sequence, message, .. } in received.read() {
                    log.add(format!("{sequence} position {}", message.0));
                }
            },
        )
        .add_systems(
            Update,
            |mut received: MessageReader<FromServer<Game, Score>>, mut log: ResMut<Log>| {
                for FromServer { sequence, message, .. } in received.read() {
                    log.add(format!("{sequence} score {}", message.0));
                }
            },
        );
    connect(&mut app);
    for number in 0..3 {
        server(&app).broadcast(Position(number));
        server(&app).broadcast(Score(number));
    }
    update_until(&mut app, "six messages", |app| log(app).len() == 6);
    let mut entries = log(&app);
    let positions: Vec<_> = entries.iter().filter(|entry| entry.contains("position")).collect();
    assert_eq!(positions, ["2 position 0", "4 position 1", "6 position 2"]);
    entries.sort();
    let expected =
        ["2 position 0", "3 score 0", "4 position 1", "5 score 1", "6 position 2", "7 score 2"];
    assert_eq!(entries, expected, "the numbers restore the common order");
}

#[test]
fn budget_leaves_the_other_events_in_the_queue() {
    let mut app = app_with(SimplenetServerPlugin::new(), SimplenetClientPlugin::new().budget(2));
    connect(&mut app);
    for number in 0..10 {
        server(&app).broadcast(Position(number));
    }
    app.init_resource::<Log>().add_systems(
        Update,
        |mut received: MessageReader<ClientReceived<Game>>, mut log: ResMut<Log>| {
            let count = received
                .read()
                .filter(|received| matches!(received.event, ClientEvent::Msg(_)))
                .count();
            assert!(count <= 2, "{count} events in one update");
            (0..count).for_each(|_| log.add("position"));
        },
    );
    update_until(&mut app, "all messages", |app| log(app).len() == 10);
}

#[test]
fn flood_does_not_keep_an_update_from_ending() {
    const DEFAULT_BUDGET: usize = 4096;
    const MESSAGES: usize = 3 * DEFAULT_BUDGET;
    let mut app = app();
    connect(&mut app);
    app.init_resource::<Log>().add_systems(
        Update,
        |mut received: MessageReader<ClientReceived<Game>>, mut log: ResMut<Log>| {
            log.add(received.read().count().to_string());
        },
    );
    app.update();
    for _ in 0..MESSAGES {
        server(&app).broadcast(Position(1));
    }
    kick(&app);
    // A client is dead once all its events are queued.
    let started = std::time::Instant::now();
    while !client(&app).is_dead() {
        assert!(started.elapsed() < crate::DEADLINE, "the client does not end");
        std::thread::yield_now();
    }
    app.world_mut().resource_mut::<Log>().0.clear();
    (0..4).for_each(|_| app.update());
    // The close and the death follow the messages.
    assert_eq!(log(&app), ["4096", "4096", "4096", "2"]);
}

#[test]
fn state_follows_the_connection() {
    let mut app = app();
    app.init_resource::<Log>();
    for (state, name) in [
        (ClientNetState::<Game>::Connecting, "connecting"),
        (ClientNetState::Connected, "connected"),
        (ClientNetState::Dead, "dead"),
    ] {
        app.add_systems(OnEnter(state.clone()), move |mut log: ResMut<Log>| {
            log.add(format!("enter {name}"));
        });
        app.add_systems(OnExit(state), move |mut log: ResMut<Log>| {
            log.add(format!("exit {name}"));
        });
    }
    app.add_systems(
        Update,
        (|client: Res<NetClient<Game>>| assert!(client.is_connected()))
            .run_if(client_connected::<Game, ()>),
    );
    connect(&mut app);
    app.update();
    kick(&app);
    update_until(&mut app, "death", |app| {
        *app.world().resource::<State<ClientNetState<Game>>>().get() == ClientNetState::Dead
    });
    app.update();
    // Over memory, the client may connect before the first update.
    let mut entries = log(&app);
    entries.retain(|entry| !entry.contains("connecting"));
    assert_eq!(entries, ["enter connected", "exit connected", "enter dead"]);
}

#[test]
fn removed_client_ends_its_session() {
    let mut app = app();
    connect(&mut app);
    app.update();
    app.world_mut().remove_resource::<NetClient<Game>>();
    app.update();
    app.update();
    let state = app.world().resource::<State<ClientNetState<Game>>>();
    assert_eq!(*state.get(), ClientNetState::NoClient);
    update_until(&mut app, "the end of the session", |app| server(app).clients().is_empty());
}

#[test]
fn observers_receive_the_life_of_a_connection() {
    let mut app = app();
    app.init_resource::<Log>()
        .add_observer(|_: On<ClientConnected<Game>>, mut log: ResMut<Log>| log.add("connected"))
        .add_observer(|closed: On<ClientClosedByServer<Game>>, mut log: ResMut<Log>| {
            log.add(format!("closed: {}", closed.reason));
        })
        .add_observer(|dead: On<ClientDead<Game>>, mut log: ResMut<Log>| {
            assert!(matches!(dead.reason, DeathReason::SessionEnded(_)));
            log.add("dead");
        });
    connect(&mut app);
    kick(&app);
    update_until(&mut app, "three entries", |app| log(app).len() == 3);
    assert_eq!(log(&app)[0], "connected");
    assert!(log(&app)[1].contains("enough"), "{:?}", log(&app));
    assert_eq!(log(&app)[2], "dead");
}

#[test]
fn observer_receives_the_loss_of_a_session() {
    let mut app = app();
    app.init_resource::<Log>().add_observer(
        |lost: On<ClientDisconnected<Game>>, mut log: ResMut<Log>| log.add(lost.reason.to_string()),
    );
    connect(&mut app);
    app.world_mut().remove_resource::<NetServer<Game>>();
    update_until(&mut app, "the loss", |app| !log(app).is_empty());
    assert_eq!(log(&app), [CloseReason::ShutDown.to_string()]);
}

#[test]
fn systems_after_the_receive_set_read_the_events_of_the_update() {
    let mut app = app();
    app.init_resource::<Log>().add_systems(
        PreUpdate,
        (|connected: MessageReader<ClientReceived<Game>>,
          client: Res<NetClient<Game>>,
          mut log: ResMut<Log>| {
            if client.is_connected() && log.0.is_empty() {
                log.add(connected.len().to_string());
            }
        })
        .after(SimplenetSystems::Receive),
    );
    update_until(&mut app, "the session", |app| !log(app).is_empty());
    assert_eq!(log(&app), ["1"]);
}

#[test]
fn observer_receives_a_failed_attempt() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let url = format!("ws://{}", unused.expect("a free port"));
    let mut app = App::new();
    app.add_plugins(SimplenetClientPlugin::<Game>::new())
        .insert_resource(NetClient::<Game>::new(Client::builder(url).connect(Hello(1))))
        .init_resource::<Log>()
        .add_observer(|retrying: On<ClientRetrying<Game>>, mut log: ResMut<Log>| {
            assert!(matches!(
                &retrying.reason,
                NotConnected::Failed(ConnectError::Unreachable { .. })
            ));
            log.add(format!("attempt {}", retrying.attempt));
        });
    update_until(&mut app, "a failed attempt", |app| !log(app).is_empty());
    assert_eq!(log(&app)[0], "attempt 2");
}

#[test]
fn just_connected_and_just_disconnected_are_true_once() {
    let mut app = app();
    app.init_resource::<Log>()
        .add_systems(
            Update,
            (|mut log: ResMut<Log>| log.add("connected")).run_if(client_just_connected::<Game, ()>),
        )
        .add_systems(
            Update,
            (|mut log: ResMut<Log>| log.add("disconnected"))
                .run_if(client_just_disconnected::<Game, ()>),
        );
    connect(&mut app);
    (0..5).for_each(|_| app.update());
    assert_eq!(log(&app), ["connected"]);
    kick(&app);
    update_until(&mut app, "death", |app| client(app).is_dead());
    (0..5).for_each(|_| app.update());
    assert_eq!(log(&app), ["connected", "disconnected"]);
}

#[test]
fn app_with_a_client_starts_in_connecting() {
    let mut app = app();
    app.init_resource::<Log>()
        .add_systems(OnEnter(ClientNetState::<Game>::NoClient), |mut log: ResMut<Log>| {
            log.add("no client");
        })
        .add_systems(OnEnter(ClientNetState::<Game>::Connecting), |mut log: ResMut<Log>| {
            log.add("connecting");
        });
    app.finish();
    app.cleanup();
    app.update();
    assert_eq!(log(&app), ["connecting"]);
}
