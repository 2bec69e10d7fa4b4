//! `into_handle`: a client that only calls.

use std::time::Duration;

use simplenet::{CallError, ClientConfig, ClientState, CloseReason, DeathReason, MessageStatus};
use simplenet_tests::harness::soon;

use super::desk::{
    Deed::{Began, Ended},
    Desk, What, client,
    desk::{Hint, Manner},
    held_work, note, visitor, whole, work,
};

#[tokio::test]
async fn clones_call_side_by_side_and_the_last_one_closes() {
    let mut desk = Desk::open();
    let first = desk.caller(1).await;
    let second = first.clone();
    let (one, two) = tokio::join!(first.call(work(1)), second.call(work(2)));
    assert_eq!((one.unwrap().number, two.unwrap().number), (1, 2));
    drop(first);
    assert!(second.is_connected() && !second.is_closed());
    assert_eq!(soon("the answer", second.call(work(3))).await.unwrap().number, 3);
    drop(second);
    desk.until(Ended(What::Leave(1))).await;
}

#[tokio::test]
async fn a_handle_of_a_client_does_not_keep_it_alive() {
    let mut desk = Desk::open();
    let client = desk.client(1);
    let weak = client.handle();
    let strong = client.into_handle();
    soon("the answer", strong.call(work(1))).await.unwrap();
    drop(strong);
    desk.until(Ended(What::Leave(1))).await;
    assert!(matches!(
        soon("the end", weak.call(work(2))).await,
        Err(CallError::Dead(DeathReason::ClosedBySelf))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_ready_can_send_at_once() {
    let mut desk = Desk::open();
    for id in 1..200 {
        let client = desk.client(id).into_handle();
        soon("the welcome", client.ready()).await.unwrap();
        let signal = client.send(note(1_000));
        assert_ne!(signal.status(), MessageStatus::Failed, "client {id}");
        desk.until(Ended(What::Note(1_000))).await;
    }
}

#[tokio::test]
async fn a_call_ends_at_its_deadline_or_when_it_is_dropped() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let late = client.call(held_work(1)).timeout(Duration::from_millis(50));
    assert!(matches!(soon("the deadline", late).await, Err(CallError::TimedOut)));
    desk.expect([Began(What::Work(1))]).await;
    drop(client.call(held_work(2)));
    desk.expect([Began(What::Work(2))]).await;
    // The server answers both; nobody is confused by that.
    desk.release(1);
    desk.release(2);
    assert_eq!(soon("the next answer", client.call(work(3))).await.unwrap().number, 3);
}

#[tokio::test]
async fn messages_of_the_server_are_thrown_away() {
    let mut desk = Desk::open();
    let config = ClientConfig { inbox_events: 4, ..Default::default() };
    let client = client(desk.server.url(), 1).config(config);
    let client = client.connect(visitor(1, Manner::AtOnce)).into_handle();
    desk.expect(whole(What::Visit(1))).await;
    soon("the welcome", client.ready()).await.unwrap();
    soon("an answer", client.call(work(1))).await.unwrap();
    // Far more than would fit, if they were kept: an answer behind them would never come.
    for number in 0..1_000 {
        desk.server.broadcast(Hint { number });
    }
    assert_eq!(soon("the answer behind", client.call(work(2))).await.unwrap().number, 2);
}

#[tokio::test]
async fn events_from_before_are_thrown_away_too() {
    let mut desk = Desk::open();
    let config = ClientConfig { inbox_events: 4, ..Default::default() };
    let mut client =
        client(desk.server.url(), 1).config(config).connect(visitor(1, Manner::AtOnce));
    desk.expect(whole(What::Visit(1))).await;
    soon("an answer", async {
        // Full, and one of its events is taken: the others are on their way to the application.
        for number in 0..100 {
            desk.server.broadcast(Hint { number });
        }
        client.recv().await.unwrap();
        client.into_handle().call(work(2)).await
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn its_state_can_be_seen() {
    let mut desk = Desk::open();
    let config = ClientConfig { reconnect_on_server_close: false, ..Default::default() };
    let client = client(desk.server.url(), 1).config(config);
    let client = client.connect(visitor(1, Manner::Held)).into_handle();
    soon("the welcome", client.ready()).await.unwrap();
    assert!(client.is_connected());
    assert!(matches!(client.state(), ClientState::Connected));
    desk.release(1);
    desk.expect(whole(What::Visit(1))).await;
    soon("an answer", client.call(work(1))).await.unwrap();
    let call = client.call(held_work(2));
    desk.until(Began(What::Work(2))).await;
    desk.server.disconnect(1_u128, CloseReason::kicked("enough"));
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
