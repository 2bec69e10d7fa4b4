//! Which handler runs when.

use simplenet::CallError;
use simplenet_tests::harness::soon;

use super::desk::{
    Deed::{Began, Ended},
    Desk, What, held_note, held_work, note, whole, work,
};

#[tokio::test]
async fn messages_are_handled_one_after_the_other() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let other = desk.caller(2).await;
    client.send(held_note(1));
    for number in 2..100 {
        client.send(note(number));
    }
    desk.expect([Began(What::Note(1))]).await;
    // Time enough for a handler that does not wait: another client gets its answer.
    soon("the other's answer", other.call(work(200))).await.unwrap();
    desk.expect(whole(What::Work(200))).await;
    desk.release(1);
    desk.expect([Ended(What::Note(1))]).await;
    for number in 2..100 {
        desk.expect(whole(What::Note(number))).await;
    }
}

#[tokio::test]
async fn a_message_is_handled_before_what_comes_behind_it_begins() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let other = desk.caller(2).await;
    client.send(held_note(1));
    let behind = client.call(work(2));
    desk.expect([Began(What::Note(1))]).await;
    soon("the other's answer", other.call(work(200))).await.unwrap();
    desk.expect(whole(What::Work(200))).await;
    desk.release(1);
    soon("the answer behind", behind).await.unwrap();
    desk.expect([Ended(What::Note(1)), Began(What::Work(2)), Ended(What::Work(2))]).await;
}

#[tokio::test]
async fn handlers_begin_in_the_order_of_what_they_handle() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let call = client.call(held_work(number));
            client.send(note(100 + number));
            call
        })
        .collect();
    for number in 0..50 {
        desk.expect([Began(What::Work(number))]).await;
        desk.expect(whole(What::Note(100 + number))).await;
    }
    drop(calls);
}

#[tokio::test]
async fn requests_are_handled_side_by_side() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let first = client.call(held_work(1));
    let second = client.call(held_work(2));
    assert_eq!(soon("the third answer", client.call(work(3))).await.unwrap().number, 3);
    client.send(note(4));
    desk.until(Ended(What::Note(4))).await;
    desk.release(2);
    assert_eq!(soon("the second answer", second).await.unwrap().number, 2);
    desk.release(1);
    assert_eq!(soon("the first answer", first).await.unwrap().number, 1);
}

#[tokio::test]
async fn requests_go_on_while_a_message_is_handled() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let call = client.call(held_work(1));
    client.send(held_note(2));
    desk.until(Began(What::Note(2))).await;
    desk.release(1);
    assert_eq!(soon("the answer", call).await.unwrap().number, 1);
}

#[tokio::test]
async fn requests_are_handled_side_by_side_up_to_the_cap() {
    let config = simplenet::ServerConfig { max_in_flight: 3, ..Default::default() };
    let mut desk = Desk::open_with(config);
    let client = desk.caller(1).await;
    let calls: Vec<_> = (1..=3).map(|number| client.call(held_work(number))).collect();
    desk.expect((1..=3).map(|number| Began(What::Work(number)))).await;
    match soon("the refusal", client.call(work(4))).await {
        Err(CallError::SendFailed(simplenet::SendError::TooManyInFlight)) => {}
        other => panic!("{other:?}"),
    }
    for (number, call) in (1..=3).zip(calls) {
        desk.release(number);
        assert_eq!(soon("an answer", call).await.unwrap().number, number);
    }
    assert_eq!(soon("room again", client.call(work(5))).await.unwrap().number, 5);
}

#[tokio::test]
async fn a_slow_handler_harms_only_its_own_client() {
    let mut desk = Desk::open();
    let slow = desk.caller(1).await;
    let other = desk.caller(2).await;
    slow.send(held_note(1));
    desk.expect([Began(What::Note(1))]).await;
    let waits = slow.call(work(2));
    for number in 10..20 {
        soon("the other's answer", other.call(work(number))).await.unwrap();
    }
    // A new one too.
    let new = desk.client(3).into_handle();
    soon("the new one's answer", new.call(work(30))).await.unwrap();
    desk.release(1);
    soon("the answer that waits", waits).await.unwrap();
}
