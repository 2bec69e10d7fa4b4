//! Plugins that receive in a fixed schedule.

use bevy_app::{FixedPreUpdate, FixedUpdate, RunFixedMainLoop};
use bevy_ecs::prelude::*;
use simplenet::ClientEvent;
use simplenet_bevy::{ClientReceived, SimplenetClientPlugin, SimplenetServerPlugin};

use crate::{
    app_with, client,
    game::{Game, Position, ServerMsg},
    server, update_until,
};

/// Runs the fixed schedules in every seventh update, as a slow fixed timestep does.
#[derive(Default, Resource)]
struct Updates(u32);

#[derive(Default, Resource)]
struct Positions(Vec<u32>);

fn run_fixed(world: &mut World) {
    let mut updates = world.resource_mut::<Updates>();
    updates.0 += 1;
    if updates.0.is_multiple_of(7) {
        world.run_schedule(FixedPreUpdate);
        world.run_schedule(FixedUpdate);
    }
}

#[test]
fn fixed_update_reads_every_event_once() {
    let client_plugin = SimplenetClientPlugin::new().in_schedule(FixedPreUpdate).budget(3);
    let mut app = app_with(SimplenetServerPlugin::new(), client_plugin);
    app.init_resource::<Updates>()
        .init_resource::<Positions>()
        .add_systems(RunFixedMainLoop, run_fixed)
        .add_systems(
            FixedUpdate,
            |mut received: MessageReader<ClientReceived<Game>>,
             mut positions: ResMut<Positions>| {
                for received in received.read() {
                    if let ClientEvent::Msg(ServerMsg::Position(position)) = &received.event {
                        positions.0.push(position.0);
                    }
                }
            },
        );
    update_until(&mut app, "the session", |app| {
        client(app).is_connected() && !server(app).clients().is_empty()
    });
    for number in 0..100 {
        server(&app).broadcast(Position(number));
        app.update();
    }
    let count = |app: &bevy_app::App| app.world().resource::<Positions>().0.len();
    update_until(&mut app, "all positions", |app| count(app) == 100);
    assert_eq!(app.world().resource::<Positions>().0, (0..100).collect::<Vec<_>>());
}
