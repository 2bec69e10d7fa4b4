//! The shutdown of a server behind a route: its sessions end, and the application continues.

use std::{net::SocketAddr, time::Duration};

use simplenet::{ClientReport, CloseReason, ServerConfig, ServerReport};
use simplenet_tests::{
    chat,
    harness::{self, accept, client_event, connected, ended, hello, server_event, soon},
};
use tokio::{net::TcpListener, sync::oneshot};

use super::{App, listen, parts};

const UNAVAILABLE: &str = "HTTP/1.1 503 ";

async fn disconnected(client: &mut chat::Client) -> CloseReason {
    match client_event(client).await {
        chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

/// Sends a valid upgrade request, and returns the head of the response.
async fn upgrade_response(app: &App) -> String {
    use simplenet_tests::raw::{RawPeer, websocket};
    let mut peer = RawPeer::dial(&app.url).await;
    peer.write(websocket::upgrade(app.url.path()).as_bytes()).await;
    peer.http_head().await
}

#[tokio::test]
async fn shutdown_ends_the_sessions_but_not_the_page() {
    let mut app = App::new().await;
    let mut client = app.pair(1).await;
    let report = soon("the end", app.server.shutdown(Duration::from_secs(10))).await;
    assert_eq!((report.flushed, report.cut), (1, 0));
    assert!(matches!(disconnected(&mut client).await, CloseReason::Draining { .. }));
    assert!(matches!(ended(&mut app.server).await.1, CloseReason::Draining { .. }));
    assert!(soon("the end of the events", app.server.recv()).await.is_none());
    let response = upgrade_response(&app).await;
    assert!(response.starts_with(UNAVAILABLE), "{response}");
    assert!(response.to_lowercase().contains("retry-after: 1\r\n"), "{response}");
    app.assert_page_and_health().await;

    // A client honours the header.
    let mut late = harness::client(&app.url, 2).connect(hello());
    match soon("the first failure", late.recv()).await {
        Some(chat::ClientEvent::Report(ClientReport::Retrying { reason, delay, .. })) => {
            assert!(delay >= Duration::from_secs(1), "{reason}: {delay:?}");
            assert!(reason.to_string().contains("try again in 1s"), "{reason}");
        }
        other => panic!("expected Retrying, got {other:?}"),
    }
}

#[tokio::test]
async fn requests_are_answered_during_the_shutdown() {
    let mut app = App::new().await;
    let client = app.pair(1).await;
    let call = client.call(chat::Say { room: chat::RoomId(1), text: "bye".into() });
    let (_, event) = server_event(&mut app.server).await;
    let handle = app.server.handle();
    let shutdown = tokio::spawn(async move { handle.shutdown(Duration::from_secs(600)).await });
    while !upgrade_response(&app).await.starts_with(UNAVAILABLE) {
        tokio::task::yield_now().await;
    }
    match event {
        chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)) => {
            token.respond(chat::Said { seq: 1 });
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(soon("the answer", call).await.unwrap(), chat::Said { seq: 1 });
    assert_eq!(soon("the end", shutdown).await.unwrap().flushed, 1);
}

#[tokio::test]
async fn dropped_server_sends_its_clients_the_reason() {
    let mut app = App::new().await;
    let mut client = app.pair(1).await;
    let (other, _) = parts(ServerConfig::default());
    drop(std::mem::replace(&mut app.server, other));
    assert_eq!(disconnected(&mut client).await, CloseReason::ShutDown);
    soon("the end of the route", async {
        while !upgrade_response(&app).await.starts_with(UNAVAILABLE) {}
    })
    .await;
    app.assert_page_and_health().await;
}

#[tokio::test]
async fn graceful_shutdown_of_the_application_ends_its_sessions() {
    let (mut server, router) = parts(ServerConfig::default());
    let (listener, url) = listen().await;
    let (stop, stopped) = oneshot::channel::<()>();
    let handle = server.handle();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = stopped.await;
        handle.shutdown(Duration::from_secs(10)).await;
    });
    let serving = tokio::spawn(async move { serving.await });

    let mut client = harness::client(url.clone(), 1).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    stop.send(()).unwrap();
    assert!(matches!(disconnected(&mut client).await, CloseReason::Draining { .. }));
    soon("the end of the application", serving).await.unwrap().unwrap();
    match server_event(&mut server).await.1 {
        chat::ServerEvent::Report(ServerReport::Disconnected(CloseReason::Draining { .. })) => {}
        other => panic!("{other:?}"),
    }
    TcpListener::bind((url.host_str().unwrap(), url.port().unwrap())).await.expect("a free port");
}
