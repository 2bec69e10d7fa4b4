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

fn serve(mut server: ResMut<'_, Server>, mut log: ResMut<'_, Log>) {
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

fn play(mut client: ResMut<'_, Client>, mut log: ResMut<'_, Log>) {
    while let Some(event) = client.next() {
        let seen = match event {
            ClientEvent::Report(ClientReport::Connected) => {
                client.send(Typing);
                client.request(Say { room: RoomId(1), text: "hi".into() });
                "connected".into()
            }
            ClientEvent::Msg(ServerMsg::Posted(posted)) => posted.text,
            ClientEvent::Response(ServerResponse::Say(said), _) => {
                client.close();
                format!("said {}", said.seq)
            }
            ClientEvent::Report(ClientReport::ClosedBySelf) => "closed".into(),
            ClientEvent::Report(ClientReport::IsDead(_)) => "dead".into(),
            other => panic!("{other:?}"),
        };
        log.client.push(seen);
    }
}

/// A system with read access only, which shares the resources with others.
fn look(server: Res<'_, Server>, client: Res<'_, Client>) {
    assert_eq!(client.id(), ClientId::new(1));
    assert!(server.num_connections() <= 1);
}

#[test]
fn systems_receive_events_and_send() {
    let server = server();
    let client = client(server.url(), 1).connect(hello());
    let mut app = App::new();
    app.insert_resource(server)
        .insert_resource(client)
        .init_resource::<Log>()
        .add_systems(Update, (serve, play, look).chain());

    let began = Instant::now();
    let is_over = |app: &App| {
        let log = app.world().resource::<Log>();
        log.server.last() == Some(&"disconnected")
            && log.client.last().is_some_and(|seen| seen == "dead")
    };
    while !is_over(&app) {
        assert!(began.elapsed() < DEADLINE, "the test exceeds its deadline");
        app.update();
    }
    let log = app.world().resource::<Log>();
    assert_eq!(log.server, ["connected", "typing", "say", "disconnected"]);
    assert_eq!(log.client, ["connected", "welcome", "said 7", "closed", "dead"]);
}
