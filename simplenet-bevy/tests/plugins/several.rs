//! Several clients of one channel, and several channels in one app.

use bevy_app::{App, Update};
use bevy_ecs::prelude::*;
use simplenet::ClientEvent;
use simplenet_bevy::{
    ClientReceived, NetClient, NetServer, SimplenetClientPlugin, SimplenetServerPlugin,
};

use crate::{
    game::{Client, Game, Hello, Position, Server},
    update_until,
};

/// A second channel.
#[simplenet::channel]
pub mod lobby {
    /// A notice.
    #[server_message]
    pub struct Notice(pub u32);
}

/// The marker of a second client.
struct Second;

#[derive(Default, Resource)]
struct Received {
    first: usize,
    second: usize,
    lobby: usize,
}

fn messages<C: simplenet_bevy::ClientChannel, M: Send + Sync + 'static>(
    received: &mut MessageReader<ClientReceived<C, M>>,
) -> usize {
    received.read().filter(|received| matches!(received.event, ClientEvent::Msg(_))).count()
}

#[test]
fn clients_and_channels_are_independent() {
    let (game_server, game) = Server::builder().bind_memory().expect("a server");
    let (lobby_server, lobby_connector) = lobby::Server::builder().bind_memory().expect("a server");
    let mut app = App::new();
    app.add_plugins((
        SimplenetServerPlugin::<Game>::new(),
        SimplenetServerPlugin::<lobby::Lobby>::new(),
        SimplenetClientPlugin::<Game>::new(),
        SimplenetClientPlugin::<Game, Second>::new(),
        SimplenetClientPlugin::<lobby::Lobby>::new(),
    ))
    .insert_resource(NetServer::<Game>::new(game_server))
    .insert_resource(NetServer::<lobby::Lobby>::new(lobby_server))
    .insert_resource(NetClient::<Game>::new(Client::in_memory(&game).connect(Hello(1))))
    .insert_resource(NetClient::<Game, Second>::new(Client::in_memory(&game).connect(Hello(2))))
    .insert_resource(NetClient::<lobby::Lobby>::new(
        lobby::Client::in_memory(&lobby_connector).connect(()),
    ))
    .init_resource::<Received>()
    .add_systems(
        Update,
        |mut first: MessageReader<ClientReceived<Game>>,
         mut second: MessageReader<ClientReceived<Game, Second>>,
         mut lobby: MessageReader<ClientReceived<lobby::Lobby>>,
         mut received: ResMut<Received>| {
            received.first += messages(&mut first);
            received.second += messages(&mut second);
            received.lobby += messages(&mut lobby);
        },
    );
    update_until(&mut app, "three sessions", |app| {
        let world = app.world();
        world.resource::<NetServer<Game>>().clients().len() == 2
            && world.resource::<NetServer<lobby::Lobby>>().clients().len() == 1
            && world.resource::<NetClient<Game>>().is_connected()
            && world.resource::<NetClient<Game, Second>>().is_connected()
    });
    let second = app.world().resource::<NetClient<Game, Second>>().id();
    let server = app.world().resource::<NetServer<Game>>();
    server.broadcast(Position(1));
    server.send(second, Position(2));
    app.world().resource::<NetServer<lobby::Lobby>>().broadcast(lobby::Notice(1));
    update_until(&mut app, "all messages", |app| {
        let received = app.world().resource::<Received>();
        (received.first, received.second, received.lobby) == (1, 2, 1)
    });
}
