//! Client handles from `into_handle`, which receive no events.

use std::time::Duration;

use simplenet::{CallError, ClientConfig, ClientState, CloseReason, DeathReason, MessageStatus};
use simplenet_tests::harness::soon;

use super::test_service::{
    Step::{Ended, Started},
    Subject, TestService, client, completed, held_work, hello, note,
    tasks::{Behavior, Hint},
    work,
};

#[tokio::test]
async fn cloned_handles_call_concurrently_and_the_last_one_closes() {
    let mut service = TestService::start();
    let first = service.caller(1).await;
    let second = first.clone();
    let (one, two) = tokio::join!(first.call(work(1)), second.call(work(2)));
    assert_eq!((one.unwrap().number, two.unwrap().number), (1, 2));
    drop(first);
    assert!(second.is_connected() && !second.is_closed());
    assert_eq!(soon("the answer", second.call(work(3))).await.unwrap().number, 3);
    drop(second);
    service.until(Ended(Subject::Disconnect(1))).await;
}

#[tokio::test]
async fn borrowed_handle_does_not_keep_its_client_alive() {
    let mut service = TestService::start();
    let client = service.client(1);
    let weak = client.handle();
    let strong = client.into_handle();
    soon("the answer", strong.call(work(1))).await.unwrap();
    drop(strong);
    service.until(Ended(Subject::Disconnect(1))).await;
    assert!(matches!(
        soon("the end", weak.call(work(2))).await,
        Err(CallError::Dead(DeathReason::ClosedBySelf))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_handle_can_send_at_once() {
    let mut service = TestService::start();
    for id in 1..200 {
        let client = service.client(id).into_handle();
        soon("the welcome", client.ready()).await.unwrap();
        let signal = client.send(note(1_000));
        assert!(!matches!(signal.status(), MessageStatus::Failed(_)), "client {id}");
        service.until(Ended(Subject::Note(1_000))).await;
    }
}

#[tokio::test]
async fn call_ends_at_its_deadline_or_when_dropped() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let slow = client.call(held_work(1)).timeout(Duration::from_millis(50));
    assert!(matches!(soon("the deadline", slow).await, Err(CallError::TimedOut)));
    service.expect([Started(Subject::Work(1))]).await;
    drop(client.call(held_work(2)));
    service.expect([Started(Subject::Work(2))]).await;
    // The server answers both requests, and the client ignores the late answers.
    service.release(1);
    service.release(2);
    assert_eq!(soon("the next answer", client.call(work(3))).await.unwrap().number, 3);
}

#[tokio::test]
async fn messages_to_a_client_handle_are_discarded() {
    let mut service = TestService::start();
    let config = ClientConfig { inbox_events: 4, ..Default::default() };
    let client = client(service.server.url(), 1).config(config);
    let client = client.connect(hello(1, Behavior::AtOnce)).into_handle();
    service.expect(completed(Subject::Connect(1))).await;
    soon("the welcome", client.ready()).await.unwrap();
    soon("an answer", client.call(work(1))).await.unwrap();
    // More messages than the event queue holds. If the client kept them, the next answer would
    // never arrive.
    for number in 0..1_000 {
        service.server.broadcast(Hint { number });
    }
    assert_eq!(
        soon("the answer after the messages", client.call(work(2))).await.unwrap().number,
        2
    );
}

#[tokio::test]
async fn events_received_before_into_handle_are_discarded() {
    let mut service = TestService::start();
    let config = ClientConfig { inbox_events: 4, ..Default::default() };
    let mut client =
        client(service.server.url(), 1).config(config).connect(hello(1, Behavior::AtOnce));
    service.expect(completed(Subject::Connect(1))).await;
    soon("an answer", async {
        // The event queue is full. `recv` drains a batch of events, and returns the first of them.
        for number in 0..100 {
            service.server.broadcast(Hint { number });
        }
        client.recv().await.unwrap();
        client.into_handle().call(work(2)).await
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn handle_reports_its_state() {
    let mut service = TestService::start();
    let config = ClientConfig { reconnect_on_server_close: false, ..Default::default() };
    let client = client(service.server.url(), 1).config(config);
    let client = client.connect(hello(1, Behavior::Held)).into_handle();
    soon("the welcome", client.ready()).await.unwrap();
    assert!(client.is_connected());
    assert!(matches!(client.state(), ClientState::Accepted));
    service.release(1);
    service.expect(completed(Subject::Connect(1))).await;
    soon("an answer", client.call(work(1))).await.unwrap();
    let call = client.call(held_work(2));
    service.until(Started(Subject::Work(2))).await;
    service.server.disconnect(1_u128, CloseReason::kicked("enough"));
    assert!(matches!(soon("the end", call).await, Err(CallError::ResponseLost)));
    match soon("death", client.call(work(3))).await {
        Err(CallError::Dead(DeathReason::SessionEnded(CloseReason::Kicked(text)))) => {
            assert_eq!(text, "enough");
        }
        other => panic!("{other:?}"),
    }
    assert!(client.is_dead() && !client.is_connected());
    assert!(matches!(client.state(), ClientState::Dead(DeathReason::SessionEnded(_))));
    assert!(matches!(
        soon("the reason", client.ready()).await,
        Err(DeathReason::SessionEnded(CloseReason::Kicked(_)))
    ));
}
