//! The rules of the server.

use bevy_app::{App, Plugin, Update};
use bevy_ecs::prelude::*;
use simplenet::ServerReport;
use simplenet_bevy::{NetServer, ServerNetEvent, ServerReceived, SimplenetServerPlugin};

use crate::counter::{Button, ClientMsg, Counter, Server};

/// Serves the button to the clients of a server.
pub struct CounterServerPlugin;

impl Plugin for CounterServerPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(SimplenetServerPlugin::<Counter>::new())
            .insert_resource(ButtonState(Button { holder: None, presses: 0 }))
            .add_systems(Update, handle_events);
    }
}

/// Inserts a server that listens on the address.
pub fn listen(app: &mut App, address: &str) -> Result<simplenet::Url, simplenet::BindError> {
    let server = Server::builder().bind(address)?;
    let url = server.url();
    app.insert_resource(NetServer::<Counter>::new(server));
    Ok(url)
}

#[derive(Resource)]
struct ButtonState(Button);

fn handle_events(
    mut received: MessageReader<ServerReceived<Counter>>,
    server: Res<NetServer<Counter>>,
    mut button: ResMut<ButtonState>,
) {
    for ServerReceived { client, event, .. } in received.read() {
        let ButtonState(button) = &mut *button;
        let holds = button.holder == Some(client.get());
        match event {
            ServerNetEvent::Report(ServerReport::Connected(..)) => {
                server.send(*client, button.clone());
            }
            ServerNetEvent::Msg(ClientMsg::Press(_)) if button.holder.is_none() => {
                button.holder = Some(client.get());
                button.presses += 1;
                server.broadcast(button.clone());
            }
            ServerNetEvent::Msg(ClientMsg::Release(_))
            | ServerNetEvent::Report(ServerReport::Disconnected(_))
                if holds =>
            {
                button.holder = None;
                server.broadcast(button.clone());
            }
            _ => {}
        }
    }
}
