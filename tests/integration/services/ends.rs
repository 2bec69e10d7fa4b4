//! The ends of sessions, and of the service.

use std::time::Duration;

use simplenet::{CallError, ClientReport, CloseReason, DuplicateId, ServerConfig};
use simplenet_tests::{
    harness::{DEADLINE, soon},
    raw::{self, Hello, RawPeer, websocket},
};

use super::desk::{
    Deed::{Began, Dropped, Ended},
    Desk, What, client,
    desk::{ClientEvent, Manner},
    held_note, held_work, note, visitor, whole, work,
};

#[tokio::test]
async fn a_session_is_handled_to_its_end_before_the_id_is_free() {
    let config = ServerConfig { duplicate_id: DuplicateId::TakeOver, ..Default::default() };
    let mut desk = Desk::open_with(config);
    let mut old = desk.client(1);
    desk.expect(whole(What::Visit(1))).await;
    soon("Connected", old.recv()).await;
    old.send(held_note(10));
    old.send(note(11));
    // Answered behind both: they have arrived.
    let behind = old.call(work(12));
    desk.expect([Began(What::Note(10))]).await;

    let new = client(desk.server.url(), 1).connect(visitor(2, Manner::AtOnce)).into_handle();
    match soon("the takeover", old.recv()).await {
        Some(ClientEvent::Report(ClientReport::ClosedByServer(CloseReason::TakenOver))) => {}
        other => panic!("{other:?}"),
    }
    assert!(!new.is_connected());
    desk.release(10);
    let deeds = desk.until(Ended(What::Visit(2))).await;
    let leave = deeds.iter().position(|deed| *deed == Ended(What::Leave(1))).unwrap();
    assert_eq!(deeds[0], Ended(What::Note(10)));
    // The old session's last message, its end, and only then the new session.
    let message = deeds.iter().position(|deed| *deed == Ended(What::Note(11)));
    assert!(message.is_none_or(|message| message < leave), "{deeds:?}");
    assert_eq!(deeds[leave + 1..], whole(What::Visit(2)), "{deeds:?}");
    soon("the new session", new.ready()).await.unwrap();
    drop(behind);
}

#[tokio::test]
async fn what_a_client_sent_last_is_handled_before_its_end() {
    let mut desk = Desk::open();
    let mut client = desk.client(1);
    desk.expect(whole(What::Visit(1))).await;
    soon("Connected", client.recv()).await;
    for number in 0..20 {
        client.send(note(number));
    }
    client.close();
    for number in 0..20 {
        desk.expect(whole(What::Note(number))).await;
    }
    desk.expect(whole(What::Leave(1))).await;
}

#[tokio::test]
async fn running_requests_are_dropped_when_their_client_goes() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let other = desk.caller(2).await;
    let others = other.call(held_work(1));
    desk.expect([Began(What::Work(1))]).await;
    let call = client.call(held_work(2));
    desk.expect([Began(What::Work(2))]).await;
    client.close();
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    desk.expect([Dropped(What::Work(2))]).await;
    desk.expect(whole(What::Leave(1))).await;
    desk.release(1);
    soon("the other's answer", others).await.unwrap();
}

#[tokio::test]
async fn a_shutdown_lets_handlers_answer_and_ends_the_service() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let call = client.call(held_work(1));
    desk.expect([Began(What::Work(1))]).await;
    let server = desk.server.clone();
    let shutdown = tokio::spawn(async move { server.shutdown(DEADLINE).await });
    while !desk.server.is_dead() {
        tokio::task::yield_now().await;
    }
    assert!(!desk.serving.is_finished());
    desk.release(1);
    assert_eq!(soon("the answer", call).await.unwrap().number, 1);
    let report = soon("the shutdown", shutdown).await.unwrap();
    assert_eq!((report.flushed, report.cut), (1, 0));
    let mut expected = vec![Ended(What::Work(1))];
    expected.extend(whole(What::Leave(1)));
    assert_eq!(desk.rest().await, expected);
}

#[tokio::test]
async fn a_shutdown_drops_handlers_at_its_deadline() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let call = client.call(held_work(1));
    desk.expect([Began(What::Work(1))]).await;
    let report = soon("the shutdown", desk.server.shutdown(Duration::from_millis(50))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    assert_eq!(desk.rest().await[0], Dropped(What::Work(1)));
}

#[tokio::test]
async fn a_service_that_is_dropped_takes_the_server_along() {
    let mut desk = Desk::open();
    let mut client = desk.client(1);
    soon("Connected", client.recv()).await;
    desk.expect(whole(What::Visit(1))).await;
    let call = client.call(held_work(1));
    desk.expect([Began(What::Work(1))]).await;
    let address = desk.server.url().socket_addrs(|| None).unwrap()[0];
    desk.serving.abort();
    match soon("the end", client.recv()).await {
        Some(ClientEvent::Report(ClientReport::Disconnected(CloseReason::ShutDown))) => {}
        other => panic!("{other:?}"),
    }
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    desk.expect([Dropped(What::Work(1))]).await;
    assert!(desk.server.is_dead());
    soon("the free port", async {
        while super::desk::desk::Server::builder().bind(address).is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_ends_however_long_its_handlers_take() {
    const HELD: [u8; 3] = [0, 10, 1];
    let mut desk = Desk::open();
    let visitor = vec![1, 0];
    let hello = Hello::new::<super::desk::desk::Desk>(1, visitor);
    let mut peer = RawPeer::welcomed(&desk.server.url(), &hello).await;
    desk.expect(whole(What::Visit(1))).await;
    peer.send(&raw::message(&HELD)).await;
    desk.expect([Began(What::Note(10))]).await;
    peer.send_websocket(websocket::CLOSE, &websocket::close(1000, "")).await;
    peer.end().await;
    desk.release(10);
    desk.expect([Ended(What::Note(10))]).await;
    desk.expect(whole(What::Leave(1))).await;
}
