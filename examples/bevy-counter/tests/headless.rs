//! A server and two clients, each an app without a window.

use std::time::{Duration, Instant};

use bevy_app::App;
use bevy_counter::{
    client::{CounterClientPlugin, View, connect, press, release},
    counter::{Button, Counter},
    server::{CounterServerPlugin, listen},
};
use simplenet_bevy::NetClient;

const DEADLINE: Duration = Duration::from_secs(20);

/// Updates all apps until the condition holds for the views of the clients.
fn update_until(apps: &mut [App; 3], expected: &str, condition: impl Fn(&View, &View) -> bool) {
    let started = Instant::now();
    while !condition(apps[1].world().resource(), apps[2].world().resource()) {
        assert!(started.elapsed() < DEADLINE, "not within the deadline: {expected}");
        apps.iter_mut().for_each(App::update);
    }
}

fn client(app: &App) -> &NetClient<Counter> {
    app.world().resource()
}

#[test]
fn all_clients_see_the_holder_of_the_button() {
    let mut server = App::new();
    server.add_plugins(CounterServerPlugin);
    let url = listen(&mut server, "127.0.0.1:0").expect("a free port");
    let clients = [url.clone(), url].map(|url| {
        let mut app = App::new();
        app.add_plugins(CounterClientPlugin);
        connect(&mut app, url);
        app
    });
    let [first, second] = clients;
    let mut apps = [server, first, second];

    let free = |presses| Some(Button { holder: None, presses });
    update_until(&mut apps, "a free button", |first, second| {
        first.button == free(0) && second.button == free(0)
    });

    let first_id = client(&apps[1]).id().get();
    press(client(&apps[1]));
    let held = |presses| Some(Button { holder: Some(first_id), presses });
    update_until(&mut apps, "the press", |first, second| {
        first.button == held(1) && second.button == held(1)
    });
    assert!(apps[1].world().resource::<View>().holds(client(&apps[1])));

    // The button is taken, so this press has no effect.
    press(client(&apps[2]));
    release(client(&apps[1]));
    update_until(&mut apps, "the release", |first, second| {
        first.button == free(1) && second.button == free(1)
    });

    press(client(&apps[1]));
    update_until(&mut apps, "the second press", |_, second| second.button == held(2));
    client(&apps[1]).close();
    update_until(&mut apps, "the release by disconnecting", |_, second| second.button == free(2));
}
