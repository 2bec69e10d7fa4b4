//! Promise C9 of ARCHITECTURE.md: every failed attempt to connect is reported.

mod situations;

use std::time::Duration;

use simplenet::{
    ClientConfig, ClientReport, ClientState, CloseReason, ConnectError, DeathReason, NotConnected,
    ServerConfig,
};
use simplenet_tests::{
    chat,
    harness::{client, hello, pair, server, server_with, soon, unused_url},
    raw::RawServer,
};

/// Returns the first event of the client, which must report a failed attempt.
async fn first_failure(client: &mut chat::Client) -> ConnectError {
    match soon("an event", client.recv()).await {
        Some(chat::ClientEvent::Report(ClientReport::Retrying {
            reason: NotConnected::Failed(reason),
            attempt,
            delay,
        })) => {
            assert_eq!(attempt, 2);
            assert!(delay <= ClientConfig::default().reconnect_interval, "{delay:?}");
            reason
        }
        other => panic!("expected Retrying, got {other:?}"),
    }
}

#[tokio::test]
async fn c9_unreachable_server_is_reported() {
    let mut client = client(unused_url(), 1).connect(hello());
    let error = first_failure(&mut client).await;
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn c9_full_server_is_reported() {
    let mut server = server_with(ServerConfig { max_connections: 1, ..Default::default() });
    let _first = pair(&mut server, 1).await;
    let mut second = client(server.url(), 2).connect(hello());
    let error = first_failure(&mut second).await;
    assert!(
        matches!(error, ConnectError::Refused(CloseReason::ServerFull { retry_after: None })),
        "{error:?}"
    );
}

#[tokio::test]
async fn c9_id_in_use_is_reported() {
    let mut server = server();
    let _first = pair(&mut server, 1).await;
    let mut second = client(server.url(), 1).connect(hello());
    let error = first_failure(&mut second).await;
    assert!(matches!(error, ConnectError::Refused(CloseReason::DuplicateId)), "{error:?}");
}

#[tokio::test]
async fn c9_server_without_an_answer_is_reported() {
    let listener = RawServer::bind().await;
    let config =
        ClientConfig { connect_timeout: Duration::from_millis(50), ..ClientConfig::default() };
    let mut client = client(listener.url(), 1).config(config).connect(hello());
    let error = first_failure(&mut client).await;
    assert!(matches!(error, ConnectError::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn c9_newer_report_replaces_an_unread_one() {
    let config = ClientConfig {
        reconnect_interval: Duration::from_millis(1),
        max_reconnect_interval: Duration::from_millis(1),
        ..ClientConfig::default()
    };
    let mut client = client(unused_url(), 1).config(config).connect(hello());
    soon("the tenth attempt", async {
        let tenth =
            |state| matches!(state, ClientState::Connecting { attempt, .. } if attempt >= 10);
        while !tenth(client.state()) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    client.close();
    let mut reports = Vec::new();
    while let Some(chat::ClientEvent::Report(report)) = soon("the end", client.recv()).await {
        reports.push(report);
    }
    match reports[..] {
        [
            ClientReport::Retrying { attempt, .. },
            ClientReport::IsDead(DeathReason::ClosedBySelf),
        ] => assert!(attempt >= 9, "{attempt}"),
        _ => panic!("{reports:?}"),
    }
}

#[tokio::test]
async fn c9_wait_after_a_lost_session_is_reported() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    server.disconnect(1, CloseReason::ServerFull { retry_after: None });
    let mut reports = Vec::new();
    while reports.len() < 2 {
        match soon("a report", client.recv()).await {
            Some(chat::ClientEvent::Report(report)) => reports.push(report),
            other => panic!("{other:?}"),
        }
    }
    assert!(
        matches!(
            reports[..],
            [
                ClientReport::Disconnected(_),
                ClientReport::Retrying { reason: NotConnected::Lost(_), attempt: 1, .. },
            ]
        ),
        "{reports:?}"
    );
}
