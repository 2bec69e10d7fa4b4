//! Server and client as resources of Bevy.

use std::time::Instant;

use bevy_app::{App, Update};
use bevy_ecs::prelude::{IntoScheduleConfigs, Res, ResMut, Resource};
use simplenet::{ClientId, ClientReport, ServerReport};
use simplenet_tests::{
    chat::{
        Client, ClientEvent, ClientMsg, IncomingRequest, Posted, RoomId, Said, Say, Server,
        ServerEvent, ServerMsg, ServerResponse, Typing,
    },
    harness::{DEADLINE, client, hello, server},
};

/// The events that the systems have received.
#[derive(Default, Resource)]
struct Log {
    server: Vec<&'static str>,
    client: Vec<String>,
}

fn handle_server_events(mut server: ResMut<'_, Server>, mut log: ResMut<'_, Log>) {
    while let Some((client, event)) = server.next() {
        assert_eq!(client, ClientId::new(1));
        log.server.push(match event {
            ServerEvent::Report(ServerReport::Connected(..)) => {
                let posted =
                    Posted { room: RoomId(1), from: "server".into(), text: "welcome".into() };
                server.send(client, posted);
                "connected"
            }
            ServerEvent::Report(ServerReport::Disconnected(_)) => "disconnected",
            ServerEvent::Msg(ClientMsg::Typing(_)) => "typing",
            ServerEvent::Request(IncomingRequest::Say(_, token)) => {
                server.respond(token, Said { seq: 7 });
                "say"
            }
            ServerEvent::Request(IncomingRequest::Join(_, token)) => {
                server.reject(token);
                "join"
            }
        });
    }
}

fn handle_client_events(mut client: ResMut<'_, Client>, mut log: ResMut<'_, Log>) {
    while let Some(event) = client.next() {
        let entry = match event {
            ClientEvent::Report(ClientReport::Connected) => {
                client.send(Typing);
                client.request(Say { room: RoomId(1), text: "hi".into() });
                "connected".into()
            }
            ClientEvent::Msg(ServerMsg::Posted(posted)) => posted.text,
            ClientEvent::Response(ServerResponse::Say(response), _) => {
                client.close();
                format!("response {}", response.seq)
            }
            ClientEvent::Report(ClientReport::ClosedBySelf) => "closed".into(),
            ClientEvent::Report(ClientReport::IsDead(_)) => "dead".into(),
            other => panic!("{other:?}"),
        };
        log.client.push(entry);
    }
}

/// A system that only reads, so it may run in parallel with other readers.
fn read_both(server: Res<'_, Server>, client: Res<'_, Client>) {
    assert_eq!(client.id(), ClientId::new(1));
    assert!(server.num_connections() <= 1);
}

#[test]
fn systems_receive_events_and_send_messages() {
    let server = server();
    let client = client(server.url(), 1).connect(hello());
    let mut app = App::new();
    app.insert_resource(server)
        .insert_resource(client)
        .init_resource::<Log>()
        .add_systems(Update, (handle_server_events, handle_client_events, read_both).chain());

    let started = Instant::now();
    let has_ended = |app: &App| {
        let log = app.world().resource::<Log>();
        log.server.last() == Some(&"disconnected")
            && log.client.last().is_some_and(|entry| entry == "dead")
    };
    while !has_ended(&app) {
        assert!(started.elapsed() < DEADLINE, "the test exceeds its deadline");
        app.update();
    }
    let log = app.world().resource::<Log>();
    assert_eq!(log.server, ["connected", "typing", "say", "disconnected"]);
    assert_eq!(log.client, ["connected", "welcome", "response 7", "closed", "dead"]);
}
