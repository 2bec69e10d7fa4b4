//! Servers and clients over memory, without a tokio runtime, and on several threads.

use std::time::{Duration, Instant};

use simplenet::{AuthRequest, ClientReport, DeathReason, ServerReport};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, connected, hello, pair, server, server_event, soon},
};

#[tokio::test]
async fn memory_channel_behaves_like_a_socket() {
    let (mut server, connector) = chat::Server::builder().bind_memory().unwrap();
    let mut clients = Vec::new();
    for id in 0..10_u128 {
        let mut client = chat::Client::in_memory(&connector)
            .auth(AuthRequest::None { client_id: id.into() })
            .connect(hello());
        let (_, peer) = accept(&mut server).await;
        assert_eq!(peer.address, None);
        connected(&mut client).await;
        clients.push(client);
    }
    let posted = chat::Posted { room: chat::RoomId(1), from: String::new(), text: "to all".into() };
    assert_eq!(server.broadcast(posted).queued, 10);
    for client in &mut clients {
        assert!(matches!(client_event(client).await, chat::ClientEvent::Msg(_)));
    }
    drop(server);
    for client in &mut clients {
        assert!(matches!(
            client_event(client).await,
            chat::ClientEvent::Report(ClientReport::Disconnected(simplenet::CloseReason::ShutDown))
        ));
    }
}

/// Receives events as a game loop does, without a runtime and without blocking.
#[test]
fn game_loop_works_without_a_tokio_runtime() {
    let mut server = chat::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = chat::Client::builder(server.url()).connect(hello());
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut answered = false;
    while !answered {
        assert!(Instant::now() < deadline, "the answer did not arrive in time");
        while let Some((_, event)) = server.next() {
            if let chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)) = event {
                token.respond(chat::Said { seq: 1 });
            }
        }
        while let Some(event) = client.next() {
            match event {
                chat::ClientEvent::Report(ClientReport::Connected) => {
                    client.request(chat::Say { room: chat::RoomId(1), text: "hi".into() });
                }
                chat::ClientEvent::Response(..) => answered = true,
                other => panic!("{other:?}"),
            }
        }
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn handles_send_from_other_tasks() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let (server_handle, client_handle) = (server.handle(), client.handle());
    tokio::spawn(async move { client_handle.send(chat::Typing) }).await.unwrap();
    assert!(matches!(server_event(&mut server).await.1, chat::ServerEvent::Msg(_)));
    let left = chat::Left(chat::RoomId(1), "bob".into());
    tokio::spawn(async move { server_handle.send(1, left) }).await.unwrap();
    assert!(matches!(client_event(&mut client).await, chat::ClientEvent::Msg(_)));
}

#[tokio::test]
async fn handle_does_not_keep_its_client_alive() {
    let mut server = server();
    let client = pair(&mut server, 1).await;
    let handle = client.handle();
    drop(client);
    assert!(matches!(
        server_event(&mut server).await.1,
        chat::ServerEvent::Report(ServerReport::Disconnected(_))
    ));
    assert!(matches!(soon("death", handle.dead()).await, DeathReason::ClosedBySelf));
    assert!(handle.is_dead());
    assert!(handle.ready().await.is_err());
}

#[tokio::test]
async fn server_reports_its_peers() {
    let mut server = server();
    let mut client = simplenet_tests::harness::client(server.url(), 1).connect(hello());
    let (id, peer) = accept(&mut server).await;
    connected(&mut client).await;
    assert_eq!(peer.env, simplenet::EnvType::Native);
    assert!(peer.address.is_some_and(|address| address.ip().is_loopback()));
    assert_eq!(server.peer(id), Some(peer));
    assert_eq!(server.peer(2), None);
}

#[test]
fn handles_are_send_and_sync() {
    fn assert_send_and_sync<T: Send + Sync + 'static>() {}
    assert_send_and_sync::<chat::Server>();
    assert_send_and_sync::<chat::Client>();
    assert_send_and_sync::<simplenet::ServerHandle<chat::Chat>>();
    assert_send_and_sync::<simplenet::ClientHandle<chat::Chat>>();
    assert_send_and_sync::<chat::RequestToken<chat::Join>>();
}
