//! The order and concurrency of handlers.

use simplenet::CallError;
use simplenet_tests::harness::soon;

use super::test_service::{
    Step::{Ended, Started},
    Subject, TestService, completed, held_note, held_work, note, work,
};

#[tokio::test]
async fn messages_are_handled_one_by_one() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let other = service.caller(2).await;
    client.send(held_note(1));
    for number in 2..100 {
        client.send(note(number));
    }
    service.expect([Started(Subject::Note(1))]).await;
    // While the first note is held, another client is answered, but no second note of this client
    // is handled.
    soon("the answer to another client", other.call(work(200))).await.unwrap();
    service.expect(completed(Subject::Work(200))).await;
    service.release(1);
    service.expect([Ended(Subject::Note(1))]).await;
    for number in 2..100 {
        service.expect(completed(Subject::Note(number))).await;
    }
}

#[tokio::test]
async fn message_is_handled_before_later_handlers_start() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let other = service.caller(2).await;
    client.send(held_note(1));
    let later = client.call(work(2));
    service.expect([Started(Subject::Note(1))]).await;
    soon("the answer to another client", other.call(work(200))).await.unwrap();
    service.expect(completed(Subject::Work(200))).await;
    service.release(1);
    soon("the later answer", later).await.unwrap();
    service
        .expect([Ended(Subject::Note(1)), Started(Subject::Work(2)), Ended(Subject::Work(2))])
        .await;
}

#[tokio::test]
async fn handlers_start_in_the_order_of_their_events() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let call = client.call(held_work(number));
            client.send(note(100 + number));
            call
        })
        .collect();
    for number in 0..50 {
        service.expect([Started(Subject::Work(number))]).await;
        service.expect(completed(Subject::Note(100 + number))).await;
    }
    drop(calls);
}

#[tokio::test]
async fn requests_are_handled_concurrently() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let first = client.call(held_work(1));
    let second = client.call(held_work(2));
    assert_eq!(soon("the third answer", client.call(work(3))).await.unwrap().number, 3);
    client.send(note(4));
    service.until(Ended(Subject::Note(4))).await;
    service.release(2);
    assert_eq!(soon("the second answer", second).await.unwrap().number, 2);
    service.release(1);
    assert_eq!(soon("the first answer", first).await.unwrap().number, 1);
}

#[tokio::test]
async fn running_requests_continue_while_a_message_is_handled() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let call = client.call(held_work(1));
    client.send(held_note(2));
    service.until(Started(Subject::Note(2))).await;
    service.release(1);
    assert_eq!(soon("the answer", call).await.unwrap().number, 1);
}

#[tokio::test]
async fn requests_are_handled_concurrently_up_to_the_limit() {
    let config = simplenet::ServerConfig { max_in_flight: 3, ..Default::default() };
    let mut service = TestService::start_with(config);
    let client = service.caller(1).await;
    let calls: Vec<_> = (1..=3).map(|number| client.call(held_work(number))).collect();
    service.expect((1..=3).map(|number| Started(Subject::Work(number)))).await;
    match soon("the refusal", client.call(work(4))).await {
        Err(CallError::SendFailed(simplenet::SendError::TooManyInFlight)) => {}
        other => panic!("{other:?}"),
    }
    for (number, call) in (1..=3).zip(calls) {
        service.release(number);
        assert_eq!(soon("an answer", call).await.unwrap().number, number);
    }
    assert_eq!(soon("the answer below the limit", client.call(work(5))).await.unwrap().number, 5);
}

#[tokio::test]
async fn slow_handler_delays_only_its_own_client() {
    let mut service = TestService::start();
    let slow = service.caller(1).await;
    let other = service.caller(2).await;
    slow.send(held_note(1));
    service.expect([Started(Subject::Note(1))]).await;
    let delayed = slow.call(work(2));
    for number in 10..20 {
        soon("the answer to another client", other.call(work(number))).await.unwrap();
    }
    // A new client is served as well.
    let new = service.client(3).into_handle();
    soon("the answer to the new client", new.call(work(30))).await.unwrap();
    service.release(1);
    soon("the delayed answer", delayed).await.unwrap();
}
