//! A server and two clients, each an app without a window.

#![expect(elided_lifetimes_in_paths, reason = "systems omit the lifetimes of their parameters")]

use std::time::{Duration, Instant};

use bevy_app::{App, Update};
use bevy_counter::{
    client::{CounterClientPlugin, View, connect, press, release},
    counter::{Button, Counter},
    server::{CounterServerPlugin, listen},
};
use bevy_ecs::prelude::*;
use simplenet_bevy::{NetClient, ServerReceived};

const DEADLINE: Duration = Duration::from_secs(20);

/// The number of events that the server has received.
#[derive(Default, Resource)]
struct Received(usize);

fn count(mut received: MessageReader<ServerReceived<Counter>>, mut count: ResMut<Received>) {
    count.0 += received.read().count();
}

/// Updates the server and both clients until the condition holds.
fn update_until(apps: &mut [App; 3], expected: &str, condition: impl Fn(&[App; 3]) -> bool) {
    let started = Instant::now();
    while !condition(apps) {
        assert!(started.elapsed() < DEADLINE, "not within the deadline: {expected}");
        apps.iter_mut().for_each(App::update);
    }
}

/// Updates until both clients show the button.
fn update_until_shown(apps: &mut [App; 3], expected: &str, button: &Button) {
    update_until(apps, expected, |[_, first, second]| {
        [first, second].map(|app| app.world().resource::<View>().button.as_ref())
            == [Some(button); 2]
    });
}

fn client(app: &App) -> &NetClient<Counter> {
    app.world().resource()
}

#[test]
fn all_clients_see_the_holder_of_the_button() {
    let mut server = App::new();
    server.add_plugins(CounterServerPlugin).init_resource::<Received>().add_systems(Update, count);
    let url = listen(&mut server, "127.0.0.1:0").expect("a free port");
    let [first, second] = [url.clone(), url].map(|url| {
        let mut app = App::new();
        app.add_plugins(CounterClientPlugin);
        connect(&mut app, url);
        app
    });
    let mut apps = [server, first, second];
    let holder = client(&apps[1]).id().get();
    let free = |presses| Button { holder: None, presses };
    let held = |presses| Button { holder: Some(holder), presses };

    update_until_shown(&mut apps, "a free button", &free(0));
    press(client(&apps[1]));
    update_until_shown(&mut apps, "the press", &held(1));
    assert!(apps[1].world().resource::<View>().holds(client(&apps[1])));

    // The button is taken, so the press of the second client has no effect.
    press(client(&apps[2]));
    update_until(&mut apps, "two sessions and two presses", |[server, ..]| {
        server.world().resource::<Received>().0 == 4
    });
    release(client(&apps[1]));
    update_until_shown(&mut apps, "the release", &free(1));

    press(client(&apps[1]));
    update_until_shown(&mut apps, "the second press", &held(2));
    client(&apps[1]).close();
    update_until(&mut apps, "the release by disconnecting", |[.., second]| {
        second.world().resource::<View>().button == Some(free(2))
    });
}
