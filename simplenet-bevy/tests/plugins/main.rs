//! Tests of the plugins in real apps, over memory and over sockets.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail by panics")]
#![expect(elided_lifetimes_in_paths, reason = "systems omit the lifetimes of their parameters")]

mod client;
mod fixed;
mod requests;
mod server;
mod several;

use std::time::{Duration, Instant};

use bevy_app::App;
use simplenet_bevy::{NetClient, NetServer, SimplenetClientPlugin, SimplenetServerPlugin};

/// The channel of the tests.
#[simplenet::channel]
pub mod game {
    /// The connect message.
    #[connect]
    pub struct Hello(pub u32);
    /// A move of a player.
    #[client_message]
    pub struct Move(pub u32);
    /// A shot of a player.
    #[client_message]
    pub struct Shoot(pub u32);
    /// A request to join.
    #[request(Joined)]
    pub struct Join(pub u32);
    /// The response.
    pub struct Joined(pub u32);
    /// A request to leave.
    #[request(Left)]
    pub struct Leave;
    /// The response.
    pub struct Left;
    /// A position.
    #[server_message]
    pub struct Position(pub u32);
    /// A score.
    #[server_message]
    pub struct Score(pub u32);
}

use game::{Client, Game, Hello, Server};

/// The deadline of every wait, long enough for a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

/// Updates the app until the condition holds.
fn update_until(app: &mut App, expected: &str, mut condition: impl FnMut(&mut App) -> bool) {
    let started = Instant::now();
    while !condition(app) {
        assert!(started.elapsed() < DEADLINE, "not within the deadline: {expected}");
        app.update();
    }
}

/// Returns a server and a client over memory.
fn pair() -> (Server, Client) {
    let (server, connector) = Server::builder().bind_memory().expect("a server");
    (server, Client::in_memory(&connector).connect(Hello(7)))
}

/// Returns an app with both plugins, a server and a client over memory.
fn app_with(server: SimplenetServerPlugin<Game>, client: SimplenetClientPlugin<Game>) -> App {
    let (net_server, net_client) = pair();
    let mut app = App::new();
    app.add_plugins((server, client))
        .insert_resource(NetServer::<Game>::new(net_server))
        .insert_resource(NetClient::<Game>::new(net_client));
    app
}

fn app() -> App {
    app_with(SimplenetServerPlugin::new(), SimplenetClientPlugin::new())
}

fn server(app: &App) -> &NetServer<Game> {
    app.world().resource::<NetServer<Game>>()
}

fn client(app: &App) -> &NetClient<Game> {
    app.world().resource::<NetClient<Game>>()
}

/// Updates until both sides can send.
fn connect(app: &mut App) {
    update_until(app, "the session", |app| {
        client(app).is_connected() && !server(app).clients().is_empty()
    });
}
