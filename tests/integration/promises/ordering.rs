//! Promises S1, S2, S3, C3, C5 of ARCHITECTURE.md: the order of events.

use std::collections::{BTreeMap, BTreeSet};

use simplenet::{ClientId, ClientReport, RequestId, ServerReport};
use simplenet_tests::{
    chat,
    harness::{
        accept, client, client_event, connected, ended, hello, pair, server, server_event, soon,
    },
};

/// The sessions that the server's application has received. [`ServerLog::record`] panics unless the
/// events of each client are repetitions of `Connected (Msg | Request)* Disconnected`.
#[derive(Default)]
struct ServerLog {
    connected: BTreeSet<ClientId>,
    sessions: BTreeMap<ClientId, u32>,
    ended: u32,
}

impl ServerLog {
    fn record(&mut self, id: ClientId, event: &chat::ServerEvent) {
        match event {
            chat::ServerEvent::Report(ServerReport::Connected(..)) => {
                assert!(self.connected.insert(id), "{id} connected twice");
                *self.sessions.entry(id).or_default() += 1;
            }
            chat::ServerEvent::Report(ServerReport::Disconnected(_)) => {
                assert!(self.connected.remove(&id), "{id} disconnected without being connected");
                self.ended += 1;
            }
            _ => assert!(self.connected.contains(&id), "{id} sent a message outside of a session"),
        }
    }
}

#[tokio::test]
async fn s1_events_lie_between_connected_and_disconnected() {
    let mut server = server();
    let url = server.url();
    const CLIENTS: u32 = 8;
    const ROUNDS: u32 = 5;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|id| {
            let url = url.clone();
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    let mut client = client(url.clone(), id.into()).connect(hello());
                    connected(&mut client).await;
                    for _ in 0..10 {
                        client.send(chat::Typing);
                        client.request(chat::Say { room: chat::RoomId(1), text: "hi".into() });
                    }
                    client.close();
                    while soon("the client's end", client.recv()).await.is_some() {}
                }
            })
        })
        .collect();
    let mut log = ServerLog::default();
    while log.ended < CLIENTS * ROUNDS {
        let (id, event) = server_event(&mut server).await;
        log.record(id, &event);
    }
    for client in clients {
        client.await.unwrap();
    }
    assert!(log.sessions.values().all(|&sessions| sessions == ROUNDS), "{:?}", log.sessions);
    assert!(server.next().is_none(), "an event follows the last Disconnected");
}

#[tokio::test]
async fn s2_messages_and_requests_of_a_session_arrive_in_order() {
    let mut server = server();
    let client = pair(&mut server, 1).await;
    let mut sent = Vec::new();
    for number in 0..500_u32 {
        if number % 3 == 0 {
            client.send(chat::Typing);
            sent.push(None);
        } else {
            client.request(chat::Join { room: chat::RoomId(number) });
            sent.push(Some(number));
        }
    }
    let mut arrived = Vec::new();
    while arrived.len() < sent.len() {
        match server_event(&mut server).await.1 {
            chat::ServerEvent::Msg(chat::ClientMsg::Typing(_)) => arrived.push(None),
            chat::ServerEvent::Request(chat::IncomingRequest::Join(join, _)) => {
                arrived.push(Some(join.room.0));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(arrived, sent);
}

#[tokio::test]
async fn s3_new_session_begins_after_the_end_of_the_old_one() {
    let mut server = server();
    let url = server.url();
    // The application receives no event until all sessions have begun, so only the event queue can
    // keep the order of the sessions.
    for _ in 0..3 {
        let mut client = client(url.clone(), 7).connect(hello());
        connected(&mut client).await;
    }
    for _ in 0..3 {
        assert_eq!(accept(&mut server).await.0, ClientId::new(7));
        assert_eq!(ended(&mut server).await.0, ClientId::new(7));
    }
}

/// The state of a client. [`ClientLog::record`] panics unless the events are in the order that
/// promise C5 requires.
#[derive(Default)]
struct ClientLog {
    connected: bool,
    dead: bool,
    open: BTreeSet<RequestId>,
}

impl ClientLog {
    fn record(&mut self, event: &chat::ClientEvent) {
        assert!(!self.dead, "{event:?} after IsDead");
        match event {
            chat::ClientEvent::Report(ClientReport::Connected) => {
                assert!(!self.connected, "connected twice");
                assert!(self.open.is_empty(), "C3: a request of the old session has no outcome");
                self.connected = true;
            }
            chat::ClientEvent::Report(ClientReport::IsDead(_)) => {
                assert!(!self.connected, "dead before the end of the session");
                assert!(self.open.is_empty(), "C3: a request has no outcome");
                self.dead = true;
            }
            chat::ClientEvent::Report(_) => {
                assert!(self.connected, "{event:?} while not connected");
                self.connected = false;
            }
            chat::ClientEvent::Msg(_) => assert!(self.connected, "a message outside of a session"),
            chat::ClientEvent::Response(_, id)
            | chat::ClientEvent::Ack(id)
            | chat::ClientEvent::Reject(id) => {
                assert!(self.connected, "an answer outside of a session");
                assert!(self.open.remove(id), "{id} has a second outcome");
            }
            chat::ClientEvent::SendFailed(id, _) => {
                assert!(self.open.remove(id), "{id} has a second outcome");
            }
            chat::ClientEvent::ResponseLost(id) => {
                assert!(!self.connected, "ResponseLost within a session");
                assert!(self.open.remove(id), "{id} has a second outcome");
            }
        }
    }
}

#[tokio::test]
async fn c5_events_of_a_client_form_consecutive_sessions() {
    let mut server = server();
    let address = server.url().socket_addrs(|| None).unwrap()[0];
    let config = simplenet::ClientConfig {
        reconnect_interval: std::time::Duration::from_millis(10),
        max_reconnect_interval: std::time::Duration::from_millis(50),
        ..Default::default()
    };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    let mut log = ClientLog::default();
    for session in 0..4 {
        accept(&mut server).await;
        while !log.connected {
            log.record(&client_event(&mut client).await);
        }
        for number in 0..20 {
            let request = client.request(chat::Join { room: chat::RoomId(number) });
            log.open.insert(request.id());
        }
        // Some requests are answered. The others are still open when the server is dropped.
        for number in 0..10 + session {
            match server_event(&mut server).await.1 {
                chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => {
                    if number % 2 == 0 {
                        token.ack();
                    } else {
                        token.reject();
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        drop(server);
        while log.connected {
            log.record(&client_event(&mut client).await);
        }
        server = loop {
            // The task of the old server frees the port when it ends, so the first attempts to bind
            // may fail.
            match chat::Server::builder().bind(address) {
                Ok(server) => break server,
                Err(_) => tokio::task::yield_now().await,
            }
        };
    }
    accept(&mut server).await;
    while !log.connected {
        log.record(&client_event(&mut client).await);
    }
    log.open.insert(client.request(chat::Join { room: chat::RoomId(1) }).id());
    client.close();
    while let Some(event) = soon("the end", client.recv()).await {
        log.record(&event);
    }
    assert!(log.dead);
}
