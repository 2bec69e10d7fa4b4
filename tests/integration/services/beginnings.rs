//! The `connected` hook.

use simplenet::{ClientReport, SendOutcome};
use simplenet_tests::harness::soon;

use super::desk::{
    Deed::{Began, Ended},
    Desk, What,
    desk::{ClientEvent, Hint, Manner, ServerMsg},
    note, whole, work,
};

#[tokio::test]
async fn the_hook_ends_before_the_client_counts() {
    let mut desk = Desk::open();
    let mut client = desk.client_with(1, Manner::Held);
    assert!(matches!(
        soon("Connected", client.recv()).await,
        Some(ClientEvent::Report(ClientReport::Connected))
    ));
    desk.expect([Began(What::Visit(1))]).await;
    assert_eq!(desk.server.num_connections(), 0);
    assert_eq!(desk.server.broadcast(Hint { number: 1 }).queued, 0);
    assert_eq!(desk.server.send(1_u128, Hint { number: 2 }), SendOutcome::NotConnected);
    assert_eq!(desk.server.peer(1_u128), None);

    client.send(note(10));
    desk.release(1);
    // Its messages are handled after the hook; by then it counts.
    desk.expect([Ended(What::Visit(1)), Began(What::Note(10)), Ended(What::Note(10))]).await;
    assert_eq!(desk.server.num_connections(), 1);
    assert_eq!(desk.server.broadcast(Hint { number: 3 }).queued, 1);
    assert!(matches!(
        soon("the hint", client.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number: 3 })))
    ));
}

#[tokio::test]
async fn what_the_hook_sends_is_the_first_that_the_client_sees() {
    let mut desk = Desk::open();
    let mut client = desk.client_with(1, Manner::Hinting(1));
    desk.expect(whole(What::Visit(1))).await;
    assert!(matches!(
        soon("Connected", client.recv()).await,
        Some(ClientEvent::Report(ClientReport::Connected))
    ));
    soon("an answer", client.call(work(2))).await.unwrap();
    desk.server.broadcast(Hint { number: 3 });
    for expected in [1, 3] {
        match soon("a hint", client.recv()).await {
            Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number }))) => {
                assert_eq!(number, expected);
            }
            other => panic!("{other:?}"),
        }
    }
}
