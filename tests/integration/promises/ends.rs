//! The ends of sessions, clients and servers.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Wake},
    time::Duration,
};

use futures_util::FutureExt;
use simplenet::{
    AuthRequest, Authenticator, ClientConfig, ClientReport, ClientState, CloseReason, ConnectError,
    DeathReason, NotConnected, Secret,
};
use simplenet_tests::{
    chat,
    harness::{
        accept, client, client_event, connected, ended, hello, pair, server, server_event,
        server_with, soon,
    },
    raw::{self, Hello, RawPeer, Received},
};

/// Returns the reports among the client's events, up to the last event.
async fn reports(client: &mut chat::Client) -> Vec<ClientReport> {
    let mut reports = Vec::new();
    while let Some(event) = soon("the client's end", client.recv()).await {
        if let chat::ClientEvent::Report(report) = event {
            reports.push(report);
        }
    }
    reports
}

#[tokio::test]
async fn closed_client_flushes_its_accepted_messages() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    for _ in 0..1000 {
        client.send(chat::Typing);
    }
    client.close();
    assert!(client.is_closed());
    for _ in 0..1000 {
        assert!(matches!(server_event(&mut server).await.1, chat::ServerEvent::Msg(_)));
    }
    assert_eq!(ended(&mut server).await.1, CloseReason::ClosedByClient);
    assert!(matches!(
        reports(&mut client).await[..],
        [ClientReport::ClosedBySelf, ClientReport::IsDead(DeathReason::ClosedBySelf)]
    ));
}

/// A waker that closes a client as soon as an event is queued, on the thread that queues the event.
struct CloseOnWake(chat::ClientHandle);

impl Wake for CloseOnWake {
    fn wake(self: Arc<Self>) {
        self.0.close();
    }
}

#[tokio::test]
async fn client_closed_while_it_receives_the_servers_close_keeps_the_servers_reason() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let waker = Arc::new(CloseOnWake(client.handle())).into();
    assert!(pin!(client.recv()).poll(&mut Context::from_waker(&waker)).is_pending());

    let kicked = CloseReason::kicked("no such room");
    server.disconnect(1, kicked.clone());
    soon("the client's close", async {
        while !client.is_closed() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    match &reports(&mut client).await[..] {
        [
            ClientReport::ClosedByServer(reported),
            ClientReport::IsDead(DeathReason::SessionEnded(last)),
        ] => assert_eq!((reported, last), (&kicked, &kicked)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn dropped_client_ends_its_session() {
    let mut server = server();
    let client = pair(&mut server, 1).await;
    let handle = client.handle();
    drop(client);
    assert_eq!(ended(&mut server).await.1, CloseReason::ClosedByClient);
    assert!(
        matches!(soon("death", handle.ready()).await, Err(DeathReason::ClosedBySelf))
            || !handle.is_connected()
    );
}

#[tokio::test]
async fn client_closed_during_backoff_ends_at_once() {
    let config =
        ClientConfig { reconnect_interval: Duration::from_secs(3600), ..Default::default() };
    let mut client = client("ws://127.0.0.1:1", 1).config(config).connect(hello());
    soon("the first failure", async {
        while !matches!(
            client.state(),
            ClientState::Connecting { attempt: 2, reason: NotConnected::Failed(_), .. }
        ) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    client.close();
    assert!(matches!(
        reports(&mut client).await[..],
        [
            ClientReport::Retrying { attempt: 2, .. },
            ClientReport::IsDead(DeathReason::ClosedBySelf)
        ]
    ));
}

#[tokio::test]
async fn dropped_server_frees_its_port_and_closes_its_clients() {
    let mut server = server();
    let address = server.url().socket_addrs(|| None).unwrap()[0];
    let mut client = pair(&mut server, 1).await;
    drop(server);
    match client_event(&mut client).await {
        chat::ClientEvent::Report(ClientReport::Disconnected(CloseReason::ShutDown)) => {}
        other => panic!("{other:?}"),
    }
    soon("the port", async {
        while chat::Server::builder().bind(address).is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn shutdown_waits_for_answers_and_reports_counts() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let _idle = pair(&mut server, 2).await;
    let call = client.call(chat::Join { room: chat::RoomId(1) });
    let token = match server_event(&mut server).await.1 {
        chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => token,
        other => panic!("{other:?}"),
    };
    let handle = server.handle();
    let shutdown = tokio::spawn(async move { handle.shutdown(Duration::from_secs(10)).await });
    // The client without open requests is closed at once. The other client waits for an answer.
    assert_eq!(ended(&mut server).await.1, CloseReason::Draining { retry_after: None });
    token.respond(Err(chat::JoinError::Full));
    assert!(soon("the answer", call).await.is_ok());
    let report = soon("the shutdown", shutdown).await.unwrap();
    assert_eq!((report.flushed, report.cut), (2, 0));
    assert!(server.is_dead());
    assert!(matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Report(ClientReport::Disconnected(CloseReason::Draining { .. }))
    ));
    ended(&mut server).await;
    assert!(soon("the end", server.recv()).await.is_none());
}

#[tokio::test]
async fn shutdown_cuts_off_the_remaining_clients_at_its_deadline() {
    let mut server = server();
    let client = pair(&mut server, 1).await;
    let call = client.call(chat::Join { room: chat::RoomId(1) });
    let (_, _never_answered) = server_event(&mut server).await;
    let report = soon("the shutdown", server.shutdown(Duration::from_millis(100))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
    assert!(soon("the end", call).await.is_err());
}

#[tokio::test]
async fn shutdown_waits_until_its_clients_have_received_the_reason() {
    let mut server = server();
    let mut peer =
        RawPeer::welcomed(&server.url(), &Hello::new::<chat::Chat>(1, raw::text("ann"))).await;
    accept(&mut server).await;
    let close = async {
        loop {
            match peer.receive().await {
                Received::Frame(_) => {}
                last => return last,
            }
        }
    };
    let mut shutdown = pin!(server.shutdown(Duration::from_secs(60)));
    let close = tokio::select! {
        report = &mut shutdown => panic!("{report:?} before any client has closed"),
        close = close => close,
    };
    assert!(matches!(close, Received::Close(..)), "{close:?}");
    // The server must read this message. If the program ended with unread input, the operating
    // system would reset the connection, and the peer would lose the close.
    peer.send(&raw::message(&[0])).await;
    assert!(shutdown.as_mut().now_or_never().is_none());
    drop(peer);
    assert_eq!(soon("the shutdown", shutdown).await.flushed, 1);
}

#[tokio::test]
async fn kicked_client_does_not_reconnect() {
    let mut server = server();
    let config = ClientConfig { reconnect_on_server_close: true, ..Default::default() };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    server.disconnect(1, CloseReason::kicked("idle"));
    assert!(matches!(
        &reports(&mut client).await[..],
        [
            ClientReport::ClosedByServer(CloseReason::Kicked(text)),
            ClientReport::IsDead(DeathReason::SessionEnded(_))
        ] if text == "idle"
    ));
    assert_eq!(ended(&mut server).await.1, CloseReason::kicked("idle"));
}

#[tokio::test]
async fn client_reconnects_after_an_application_close_if_configured() {
    let mut server = server();
    let config = ClientConfig {
        reconnect_on_server_close: true,
        reconnect_interval: Duration::from_millis(10),
        ..Default::default()
    };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    server.disconnect(1, CloseReason::Application { code: 1, text: "next level".into() });
    assert!(matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Report(ClientReport::ClosedByServer(CloseReason::Application {
            code: 1,
            ..
        }))
    ));
    connected(&mut client).await;
}

#[tokio::test]
async fn duplicate_id_is_refused_and_may_retry() {
    let mut server = server();
    let first = pair(&mut server, 1).await;
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    let mut second = client(server.url(), 1).config(config).connect(hello());
    assert!(matches!(
        reports(&mut second).await[..],
        [ClientReport::IsDead(DeathReason::GaveUp {
            last: ConnectError::Refused(CloseReason::DuplicateId),
            ..
        })]
    ));
    // The first client is unaffected.
    first.send(chat::Typing);
    assert!(matches!(server_event(&mut server).await.1, chat::ServerEvent::Msg(_)));
}

#[tokio::test]
async fn full_server_refuses_and_client_may_retry() {
    let mut server = simplenet_tests::harness::server_with(simplenet::ServerConfig {
        max_connections: 1,
        ..Default::default()
    });
    let _first = pair(&mut server, 1).await;
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    let mut second = client(server.url(), 2).config(config).connect(hello());
    assert!(matches!(
        reports(&mut second).await[..],
        [ClientReport::IsDead(DeathReason::GaveUp {
            last: ConnectError::Refused(CloseReason::ServerFull { .. }),
            ..
        })]
    ));
}

#[tokio::test]
async fn retry_after_of_the_server_is_respected() {
    const RETRY_AFTER: Duration = Duration::from_secs(3600);
    let config = simplenet::ServerConfig {
        max_connections: 1,
        retry_after: Some(RETRY_AFTER),
        ..Default::default()
    };
    let mut server = server_with(config);
    let mut client = pair(&mut server, 1).await;
    let surplus = chat::Client::builder(server.url()).connect(hello());
    let full = CloseReason::ServerFull { retry_after: Some(RETRY_AFTER) };
    assert_delayed(&surplus, RETRY_AFTER, &full).await;
    let shutdown = server.handle();
    soon("the shutdown", shutdown.shutdown(Duration::from_secs(10))).await;
    let draining = CloseReason::Draining { retry_after: Some(RETRY_AFTER) };
    match client_event(&mut client).await {
        chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => {
            assert_eq!(reason, draining);
        }
        other => panic!("{other:?}"),
    }
    assert_delayed(&client, RETRY_AFTER, &draining).await;
}

/// Waits until the client delays its next attempt by at least `minimum`. Asserts that the client
/// reports the expected reason for the delay.
async fn assert_delayed(client: &chat::Client, minimum: Duration, expected: &CloseReason) {
    let waiting = async {
        loop {
            match client.state() {
                ClientState::Connecting {
                    delay,
                    reason:
                        NotConnected::Lost(reason) | NotConnected::Failed(ConnectError::Refused(reason)),
                    ..
                } if delay >= minimum => return assert_eq!(reason, *expected),
                _ => tokio::task::yield_now().await,
            }
        }
    };
    soon("the wait before the next attempt", waiting).await;
}

#[tokio::test]
async fn client_without_the_secret_is_refused() {
    let mut server = chat::Server::builder()
        .authenticator(Authenticator::Secret(Secret::new("open sesame")))
        .bind("127.0.0.1:0")
        .unwrap();
    let client_id = 5.into();
    for auth in [
        AuthRequest::Secret { client_id, secret: Secret::new("open sesami") },
        AuthRequest::None { client_id },
    ] {
        let mut client = chat::Client::builder(server.url()).auth(auth).connect(hello());
        match &reports(&mut client).await[..] {
            [
                ClientReport::IsDead(DeathReason::Refused(CloseReason::AuthenticationRefused(
                    text,
                ))),
            ] => {
                assert_eq!(text, "", "the refusal contains a reason");
            }
            other => panic!("{other:?}"),
        }
    }
    let auth = AuthRequest::Secret { client_id, secret: Secret::new("open sesame") };
    let mut client = chat::Client::builder(server.url()).auth(auth).connect(hello());
    assert_eq!(accept(&mut server).await.0, client_id, "an earlier client was accepted");
    connected(&mut client).await;
}

#[tokio::test]
async fn invalid_settings_create_a_dead_client_with_the_reason() {
    let mut client = client("http://127.0.0.1:1", 1).connect(hello());
    assert!(client.is_dead());
    match &reports(&mut client).await[..] {
        [ClientReport::IsDead(DeathReason::Settings(text))] => {
            assert!(text.contains("http"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    let name = "x".repeat(100_000);
    let mut client =
        simplenet_tests::harness::client("ws://127.0.0.1:1", 1).connect(chat::Hello { name });
    match &reports(&mut client).await[..] {
        [ClientReport::IsDead(DeathReason::Settings(text))] => {
            assert!(text.contains("connect message"), "{text}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn invalid_address_is_an_error() {
    let error = chat::Server::builder().bind("no such host:1").unwrap_err();
    assert!(error.to_string().contains("no such host"), "{error}");
    let server = server();
    let used_address = server.url().socket_addrs(|| None).unwrap()[0];
    let error = chat::Server::builder().bind(used_address).unwrap_err();
    assert!(error.to_string().contains(&used_address.to_string()), "{error}");
}
