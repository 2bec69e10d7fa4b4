//! Requests by `call`: only the future receives the answer.

use std::time::Duration;

use simplenet::{CallError, ClientConfig, ClientState, DeathReason, NotConnected, SendError};
use simplenet_tests::{
    chat,
    harness::{accept, client, connected, hello, pair, server, server_event, soon, unused_url},
};

use crate::log_lines::LogLines;

fn join() -> chat::Join {
    chat::Join { room: chat::RoomId(1) }
}

async fn join_token(server: &mut chat::Server) -> chat::RequestToken<chat::Join> {
    match server_event(server).await.1 {
        chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => token,
        other => panic!("expected Join, got {other:?}"),
    }
}

#[tokio::test]
async fn call_returns_its_response_without_an_event() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let first = client.call(join());
    let second = client.call(chat::Say { room: chat::RoomId(1), text: "hi".into() });
    let first_token = join_token(&mut server).await;
    match server_event(&mut server).await.1 {
        chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token)) => {
            token.respond(chat::Said { seq: 9 });
        }
        other => panic!("{other:?}"),
    }
    first_token.respond(Err(chat::JoinError::Banned { until: 3 }));
    assert_eq!(soon("Said", second).await.unwrap(), chat::Said { seq: 9 });
    assert_eq!(soon("Joined", first).await.unwrap(), Err(chat::JoinError::Banned { until: 3 }));
    assert!(client.next().is_none());
}

#[tokio::test]
async fn c2_acknowledged_or_rejected_call_returns_that_outcome() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let acknowledged = client.call(join());
    let rejected = client.call(join());
    join_token(&mut server).await.ack();
    join_token(&mut server).await.reject();
    assert!(matches!(soon("ack", acknowledged).await, Err(CallError::Acknowledged)));
    assert!(matches!(soon("reject", rejected).await, Err(CallError::Rejected)));
    assert!(client.next().is_none());
}

#[tokio::test]
async fn c4_call_waits_for_the_connection() {
    let mut server = server();
    let mut client = client(server.url(), 1).connect(hello());
    let waiting = tokio::spawn(client.call(join()));
    accept(&mut server).await;
    connected(&mut client).await;
    join_token(&mut server).await.respond(Err(chat::JoinError::Full));
    assert!(soon("the answer", waiting).await.unwrap().unwrap().is_err());
}

#[tokio::test]
async fn c4_call_waits_until_its_deadline() {
    let server = server();
    // The client's application does not receive the `Connected`, so the call waits.
    let client = client(server.url(), 1).connect(hello());
    soon("the welcome", client.ready()).await.unwrap();
    let call = client.call(join()).timeout(Duration::from_millis(50));
    let error = soon("the deadline", call).await.unwrap_err();
    assert!(matches!(error, CallError::NotSent(NotConnected::ConnectedNotReceived)), "{error:?}");
    assert!(
        error.to_string().starts_with("not sent: the application has not received `Connected`")
    );
}

#[tokio::test]
async fn c4_call_that_was_not_sent_has_the_reason_of_the_last_attempt() {
    let client = client(unused_url(), 1).connect(hello());
    while !matches!(client.state(), ClientState::Connecting { attempt: 2, .. }) {
        tokio::task::yield_now().await;
    }
    let call = client.call(join()).timeout(Duration::from_millis(50));
    let error = soon("the deadline", call).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("not sent: cannot reach 127.0.0.1:"), "{text}");
    assert!(text.contains("refused"), "{text}");
}

/// The task that receives the events awaits a call, so it waits for itself.
#[tokio::test(start_paused = true)]
async fn c4_call_that_waits_for_its_own_task_is_logged_once() {
    let log = LogLines::capture();
    let (server, connector) = chat::Server::builder().bind_memory().unwrap();
    let client = chat::Client::in_memory(&connector).connect(hello());
    for _ in 0..2 {
        let call = client.call(join()).timeout(Duration::from_secs(5));
        assert!(matches!(call.await, Err(CallError::NotSent(NotConnected::ConnectedNotReceived))));
    }
    let mut warnings = log.at("WARN");
    warnings.retain(|warning| warning.contains("a call waits"));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("has not received `Connected`"), "{warnings:?}");
    drop(server);
}

#[tokio::test]
async fn unanswered_call_ends_at_its_deadline() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let call = client.call(join()).timeout(Duration::from_millis(50));
    let token = join_token(&mut server).await;
    assert!(matches!(soon("the deadline", call).await, Err(CallError::TimedOut)));
    // The client ignores the late answer.
    token.ack();
    let next = client.call(join());
    join_token(&mut server).await.respond(Err(chat::JoinError::Full));
    assert!(soon("the next answer", next).await.is_ok());
    assert!(client.next().is_none());
}

#[tokio::test]
async fn dropped_call_frees_its_request() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    drop(client.call(join()));
    join_token(&mut server).await.respond(Err(chat::JoinError::Full));
    let next = client.call(join());
    join_token(&mut server).await.ack();
    assert!(soon("the next answer", next).await.is_err());
    assert!(client.next().is_none());
}

#[tokio::test]
async fn call_ends_with_its_session_and_with_its_client() {
    let mut server = server();
    let config = ClientConfig { reconnect_on_disconnect: false, ..Default::default() };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    let lost = client.call(join());
    let _kept = join_token(&mut server).await;
    drop(server);
    assert!(matches!(soon("the end", lost).await, Err(CallError::ResponseLost)));
    soon("death", async { while client.recv().await.is_some() {} }).await;
    assert!(matches!(
        soon("death", client.call(join())).await,
        Err(CallError::Dead(DeathReason::SessionEnded(_)))
    ));
}

#[tokio::test]
async fn waiting_call_ends_when_the_client_is_closed() {
    // No server listens at this port.
    let client = client("ws://127.0.0.1:1", 1).connect(hello());
    let waiting = client.call(join());
    drop(client);
    assert!(matches!(
        soon("death", waiting).await,
        Err(CallError::Dead(DeathReason::ClosedBySelf))
    ));
}

#[tokio::test]
async fn call_beyond_the_servers_limit_fails_in_the_client() {
    let mut server = simplenet_tests::harness::server_with(simplenet::ServerConfig {
        max_in_flight: 1,
        ..Default::default()
    });
    let client = pair(&mut server, 1).await;
    let first = client.call(join());
    let second = client.call(join());
    assert!(matches!(
        soon("the refusal", second).await,
        Err(CallError::SendFailed(SendError::TooManyInFlight))
    ));
    join_token(&mut server).await.respond(Err(chat::JoinError::Full));
    assert!(soon("the answer", first).await.is_ok());
}
