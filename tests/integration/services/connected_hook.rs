//! The `connected` hook of a service: its messages, and the client's state while it runs.

use simplenet::{ClientReport, SendOutcome};
use simplenet_tests::harness::soon;

use super::test_service::{
    Step::{Ended, Started},
    Subject, TestService, completed, note,
    tasks::{Behavior, ClientEvent, Hint, ServerMsg},
    work,
};

#[tokio::test]
async fn client_can_be_sent_to_after_its_connected_hook() {
    let mut service = TestService::start();
    let mut client = service.client_with(1, Behavior::Held);
    assert!(matches!(
        soon("Connected", client.recv()).await,
        Some(ClientEvent::Report(ClientReport::Connected))
    ));
    service.expect([Started(Subject::Connect(1))]).await;
    assert_eq!((service.server.num_connections(), service.server.clients().len()), (1, 0));
    assert_eq!(service.server.broadcast(Hint { number: 1 }).queued, 0);
    assert_eq!(service.server.send(1_u128, Hint { number: 2 }), SendOutcome::NotConnected);
    assert_eq!(service.server.peer(1_u128), None);

    client.send(note(10));
    service.release(1);
    // The client's messages are handled after the hook.
    service
        .expect([Ended(Subject::Connect(1)), Started(Subject::Note(10)), Ended(Subject::Note(10))])
        .await;
    assert_eq!((service.server.num_connections(), service.server.clients().len()), (1, 1));
    assert_eq!(service.server.broadcast(Hint { number: 3 }).queued, 1);
    assert!(matches!(
        soon("the hint", client.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number: 3 })))
    ));
}

#[tokio::test]
async fn messages_of_the_connected_hook_arrive_first() {
    let mut service = TestService::start();
    let mut client = service.client_with(1, Behavior::Hinting(1));
    service.expect(completed(Subject::Connect(1))).await;
    assert!(matches!(
        soon("Connected", client.recv()).await,
        Some(ClientEvent::Report(ClientReport::Connected))
    ));
    soon("an answer", client.call(work(2))).await.unwrap();
    service.server.broadcast(Hint { number: 3 });
    for expected in [1, 3] {
        match soon("a hint", client.recv()).await {
            Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number }))) => {
                assert_eq!(number, expected);
            }
            other => panic!("{other:?}"),
        }
    }
}
