//! The end of sessions, and the shutdown of a service.

use std::time::Duration;

use simplenet::{CallError, ClientReport, CloseReason, DuplicateId, ServerConfig};
use simplenet_tests::{
    harness::{DEADLINE, soon},
    raw::{self, Hello, RawPeer, websocket},
};

use super::test_service::{
    Step::{Dropped, Ended, Started},
    Subject, TestService, client, completed, held_note, held_work, hello, note,
    tasks::{Behavior, ClientEvent},
    work,
};

#[tokio::test]
async fn id_is_released_after_the_events_of_its_session_are_handled() {
    let config = ServerConfig { duplicate_id: DuplicateId::TakeOver, ..Default::default() };
    let mut service = TestService::start_with(config);
    let mut old = service.client(1);
    service.expect(completed(Subject::Connect(1))).await;
    soon("Connected", old.recv()).await;
    old.send(held_note(10));
    old.send(note(11));
    // The handler of this request must not start after the end of its session.
    let pending = old.call(work(12));
    service.expect([Started(Subject::Note(10))]).await;

    let new = client(service.server.url(), 1).connect(hello(2, Behavior::AtOnce)).into_handle();
    match soon("the takeover", old.recv()).await {
        Some(ClientEvent::Report(ClientReport::ClosedByServer(CloseReason::TakenOver))) => {}
        other => panic!("{other:?}"),
    }
    assert!(!new.is_connected());
    service.release(10);
    let steps = service.until(Ended(Subject::Connect(2))).await;
    let disconnect = steps.iter().position(|step| *step == Ended(Subject::Disconnect(1))).unwrap();
    assert_eq!(steps[0], Ended(Subject::Note(10)));
    // The old session's last message and its end precede the new session.
    let message = steps.iter().position(|step| *step == Ended(Subject::Note(11)));
    assert!(message.is_none_or(|message| message < disconnect), "{steps:?}");
    assert_eq!(steps[disconnect + 1..], completed(Subject::Connect(2)), "{steps:?}");
    soon("the new session", new.ready()).await.unwrap();
    drop(pending);
}

#[tokio::test]
async fn last_messages_are_handled_before_the_disconnected_hook() {
    let mut service = TestService::start();
    let mut client = service.client(1);
    service.expect(completed(Subject::Connect(1))).await;
    soon("Connected", client.recv()).await;
    for number in 0..20 {
        client.send(note(number));
    }
    client.close();
    for number in 0..20 {
        service.expect(completed(Subject::Note(number))).await;
    }
    service.expect(completed(Subject::Disconnect(1))).await;
}

#[tokio::test]
async fn running_handlers_are_dropped_when_their_client_disconnects() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let other = service.caller(2).await;
    let other_call = other.call(held_work(1));
    service.expect([Started(Subject::Work(1))]).await;
    let call = client.call(held_work(2));
    service.expect([Started(Subject::Work(2))]).await;
    client.close();
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    service.expect([Dropped(Subject::Work(2))]).await;
    service.expect(completed(Subject::Disconnect(1))).await;
    service.release(1);
    soon("the answer to another client", other_call).await.unwrap();
}

#[tokio::test]
async fn shutdown_waits_for_handlers_and_ends_the_service() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let call = client.call(held_work(1));
    service.expect([Started(Subject::Work(1))]).await;
    let server = service.server.clone();
    let shutdown = tokio::spawn(async move { server.shutdown(DEADLINE).await });
    while !service.server.is_dead() {
        tokio::task::yield_now().await;
    }
    assert!(!service.serving.is_finished());
    service.release(1);
    assert_eq!(soon("the answer", call).await.unwrap().number, 1);
    let report = soon("the shutdown", shutdown).await.unwrap();
    assert_eq!((report.flushed, report.cut), (1, 0));
    let mut expected = vec![Ended(Subject::Work(1))];
    expected.extend(completed(Subject::Disconnect(1)));
    assert_eq!(service.end().await, (report, expected));
}

#[tokio::test]
async fn shutdown_drops_handlers_at_its_deadline() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let call = client.call(held_work(1));
    service.expect([Started(Subject::Work(1))]).await;
    let report = soon("the shutdown", service.server.shutdown(Duration::from_millis(50))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    let (serving_report, steps) = service.end().await;
    assert_eq!((serving_report, &steps[0]), (report, &Dropped(Subject::Work(1))));
}

#[tokio::test]
async fn dropped_service_ends_its_server() {
    let mut service = TestService::start();
    let mut client = service.client(1);
    soon("Connected", client.recv()).await;
    service.expect(completed(Subject::Connect(1))).await;
    let call = client.call(held_work(1));
    service.expect([Started(Subject::Work(1))]).await;
    let address = service.server.url().socket_addrs(|| None).unwrap()[0];
    service.serving.abort();
    match soon("the end", client.recv()).await {
        Some(ClientEvent::Report(ClientReport::Disconnected(CloseReason::ShutDown))) => {}
        other => panic!("{other:?}"),
    }
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    service.expect([Dropped(Subject::Work(1))]).await;
    assert!(service.server.is_dead());
    soon("the free port", async {
        while super::test_service::tasks::Server::builder().bind(address).is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn connection_ends_regardless_of_slow_handlers() {
    /// The payload of a `Note` with the number 10, whose handler is held.
    const HELD_NOTE: [u8; 3] = [0, 10, 1];
    let mut service = TestService::start();
    let hello = vec![1, 0];
    let hello = Hello::new::<super::test_service::tasks::Tasks>(1, hello);
    let mut peer = RawPeer::welcomed(&service.server.url(), &hello).await;
    service.expect(completed(Subject::Connect(1))).await;
    peer.send(&raw::message(&HELD_NOTE)).await;
    service.expect([Started(Subject::Note(10))]).await;
    peer.send_websocket(websocket::CLOSE, &websocket::close(1000, "")).await;
    peer.end().await;
    service.release(10);
    service.expect([Ended(Subject::Note(10))]).await;
    service.expect(completed(Subject::Disconnect(1))).await;
}
