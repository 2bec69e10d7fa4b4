//! Events and entities of a server.

use bevy_app::{App, Update};
use bevy_ecs::prelude::*;
use simplenet::{ClientReport, ServerReport};
use simplenet_bevy::{
    ClientReceived, FromClient, NetServer, RemoteClient, ServerNetEvent, ServerReceived,
    SimplenetClientPlugin, SimplenetServerPlugin, server_running,
};

use crate::{
    app, app_with, client, connect,
    game::{Client, ClientMsg, Game, Hello, Move, Server, Shoot},
    server, update_until,
};

#[derive(Default, Resource)]
struct Log(Vec<String>);

fn log(app: &App) -> &[String] {
    &app.world().resource::<Log>().0
}

fn log_server_events(mut received: MessageReader<ServerReceived<Game>>, mut log: ResMut<Log>) {
    for ServerReceived { sequence, event, .. } in received.read() {
        log.0.push(match event {
            ServerNetEvent::Report(ServerReport::Connected(_, hello)) => {
                format!("{sequence} connected {}", hello.0)
            }
            ServerNetEvent::Report(ServerReport::Disconnected(_)) => {
                format!("{sequence} disconnected")
            }
            ServerNetEvent::Msg(ClientMsg::Move(message)) => {
                format!("{sequence} move {}", message.0)
            }
            other => panic!("unexpected: {other:?}"),
        });
    }
}

#[test]
fn events_are_messages_in_their_order() {
    let mut app = app();
    app.init_resource::<Log>().add_systems(Update, log_server_events);
    connect(&mut app);
    client(&app).send(Move(1));
    client(&app).send(Move(2));
    client(&app).close();
    update_until(&mut app, "the end", |app| log(app).len() == 4);
    assert_eq!(log(&app), ["1 connected 7", "2 move 1", "3 move 2", "4 disconnected"]);
}

#[test]
fn events_arrive_over_sockets() {
    let net_server = Server::builder().bind("127.0.0.1:0").expect("a free port");
    let url = net_server.url();
    let mut app = App::new();
    app.add_plugins((SimplenetServerPlugin::<Game>::new(), SimplenetClientPlugin::<Game>::new()))
        .insert_resource(NetServer::<Game>::new(net_server))
        .insert_resource(simplenet_bevy::NetClient::<Game>::new(
            Client::builder(url).connect(Hello(9)),
        ))
        .init_resource::<Log>()
        .add_systems(Update, log_server_events);
    connect(&mut app);
    client(&app).send(Move(1));
    update_until(&mut app, "the message", |app| log(app).len() == 2);
    assert_eq!(log(&app), ["1 connected 9", "2 move 1"]);
}

#[test]
fn split_messages_have_the_client_and_its_entity() {
    let server_plugin =
        SimplenetServerPlugin::new().with_entities().split::<Move>().split::<Shoot>();
    let mut app = app_with(server_plugin, SimplenetClientPlugin::new());
    app.init_resource::<Log>().add_systems(
        Update,
        |mut moves: MessageReader<FromClient<Game, Move>>,
         clients: Query<&RemoteClient<Game>>,
         mut log: ResMut<Log>| {
            for FromClient { client, entity, message, .. } in moves.read() {
                let remote = clients.get(entity.expect("an entity")).expect("the client");
                assert_eq!(remote.id, *client);
                log.0.push(format!("move {}", message.0));
            }
        },
    );
    connect(&mut app);
    client(&app).send(Shoot(1));
    client(&app).send(Move(2));
    update_until(&mut app, "the move", |app| !log(app).is_empty());
    assert_eq!(log(&app), ["move 2"]);
}

#[test]
fn entity_lives_as_long_as_its_session() {
    let mut app =
        app_with(SimplenetServerPlugin::new().with_entities(), SimplenetClientPlugin::new());
    connect(&mut app);
    app.update();
    let id = client(&app).id();
    let entity = server(&app).entity(id).expect("an entity");
    let remote = app.world().get::<RemoteClient<Game>>(entity).expect("a component");
    assert_eq!((remote.id, remote.peer.address), (id, None), "over memory");

    client(&app).close();
    update_until(&mut app, "the end of the entity", |app| app.world().get_entity(entity).is_err());
    assert_eq!(server(&app).entity(id), None);
}

#[test]
fn despawned_entity_disconnects_its_client() {
    let mut app =
        app_with(SimplenetServerPlugin::new().with_entities(), SimplenetClientPlugin::new());
    app.init_resource::<Log>().add_systems(
        Update,
        |mut received: MessageReader<ClientReceived<Game>>, mut log: ResMut<Log>| {
            for received in received.read() {
                if let simplenet::ClientEvent::Report(ClientReport::ClosedByServer(reason)) =
                    &received.event
                {
                    log.0.push(reason.to_string());
                }
            }
        },
    );
    connect(&mut app);
    app.update();
    let entity = server(&app).entity(client(&app).id()).expect("an entity");
    app.world_mut().despawn(entity);
    update_until(&mut app, "the close", |app| !log(app).is_empty());
    assert!(log(&app)[0].contains("removed"), "{:?}", log(&app));
}

#[test]
fn removed_server_despawns_its_entities_and_is_not_running() {
    let mut app =
        app_with(SimplenetServerPlugin::new().with_entities(), SimplenetClientPlugin::new());
    app.init_resource::<Log>().add_systems(
        Update,
        (|mut log: ResMut<Log>| log.0.push("running".into())).run_if(server_running::<Game, ()>),
    );
    connect(&mut app);
    app.update();
    let entity = server(&app).entity(client(&app).id()).expect("an entity");
    app.world_mut().remove_resource::<NetServer<Game>>();
    app.update();
    app.update();
    assert!(app.world().get_entity(entity).is_err());
    let runs = log(&app).len();
    app.update();
    assert_eq!(log(&app).len(), runs);
}

#[test]
fn budget_leaves_the_other_events_in_the_queue() {
    let mut app = app_with(SimplenetServerPlugin::new().budget(1), SimplenetClientPlugin::new());
    app.init_resource::<Log>().add_systems(
        Update,
        |mut received: MessageReader<ServerReceived<Game>>, mut log: ResMut<Log>| {
            let count = received.read().count();
            assert!(count <= 1, "{count} events in one update");
            (0..count).for_each(|_| log.0.push("event".into()));
        },
    );
    connect(&mut app);
    (0..10).for_each(|number| drop(client(&app).send(Move(number))));
    update_until(&mut app, "all events", |app| log(app).len() == 11);
}

#[test]
fn entity_of_a_short_session_exists_for_all_its_events() {
    let plugin = SimplenetServerPlugin::new().with_entities().split::<Move>();
    let mut app = app_with(plugin, SimplenetClientPlugin::new());
    app.init_resource::<Log>().add_systems(
        Update,
        |mut received: MessageReader<ServerReceived<Game>>,
         clients: Query<&RemoteClient<Game>>,
         mut log: ResMut<Log>| {
            for received in received.read() {
                let entity = received.entity.expect("an entity");
                assert!(clients.get(entity).is_ok(), "{received:?}");
                log.0.push(format!("{}", received.sequence));
            }
        },
    );
    connect(&mut app);
    client(&app).send(Move(1));
    client(&app).close();
    // All events arrive before the next update, which receives them together.
    let started = std::time::Instant::now();
    while !server(&app).clients().is_empty() || !client(&app).is_dead() {
        assert!(started.elapsed() < crate::DEADLINE, "the client does not end");
        std::thread::yield_now();
    }
    update_until(&mut app, "the end", |app| log(app).len() == 3);
}

#[test]
fn replaced_server_despawns_its_entities() {
    let plugin = SimplenetServerPlugin::new().with_entities();
    let mut app = app_with(plugin, SimplenetClientPlugin::new());
    connect(&mut app);
    app.update();
    let entity = server(&app).entity(client(&app).id()).expect("an entity");
    let (other, _connector) = Server::builder().bind_memory().expect("a server");
    app.insert_resource(NetServer::<Game>::new(other));
    app.update();
    assert!(app.world().get_entity(entity).is_err());
}
