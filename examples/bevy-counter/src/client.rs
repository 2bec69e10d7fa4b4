//! The rules of the client, without a window.

use bevy_app::{App, Plugin, Update};
use bevy_ecs::prelude::*;
use simplenet::ClientEvent;
use simplenet_bevy::{ClientReceived, NetClient, SimplenetClientPlugin};

use crate::counter::{Button, Client, Counter, Press, Release, ServerMsg};

/// Keeps the [`View`] of a client up to date.
pub struct CounterClientPlugin;

impl Plugin for CounterClientPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(SimplenetClientPlugin::<Counter>::new())
            .init_resource::<View>()
            .add_systems(Update, update_view);
    }
}

/// Inserts a client that connects to the server at the URL.
pub fn connect(app: &mut App, url: impl AsRef<str>) {
    app.insert_resource(NetClient::<Counter>::new(Client::builder(url).connect(())));
}

/// The state that the client shows.
#[derive(Debug, Default, Resource)]
pub struct View {
    /// The button, while there is a session.
    pub button: Option<Button>,
    /// The state of the connection.
    pub status: String,
}

impl View {
    /// Returns whether this client holds the button.
    pub fn holds(&self, client: &NetClient<Counter>) -> bool {
        self.button.as_ref().is_some_and(|button| button.holder == Some(client.id().get()))
    }
}

/// Presses the button. The server decides whether it is free.
pub fn press(client: &NetClient<Counter>) {
    client.send(Press);
}

/// Releases the button.
pub fn release(client: &NetClient<Counter>) {
    client.send(Release);
}

fn update_view(mut received: MessageReader<ClientReceived<Counter>>, mut view: ResMut<View>) {
    for ClientReceived { event, .. } in received.read() {
        match event {
            ClientEvent::Msg(ServerMsg::Button(button)) => view.button = Some(button.clone()),
            ClientEvent::Report(report) => {
                view.button = None;
                view.status = report.to_string();
            }
            _ => {}
        }
    }
}
