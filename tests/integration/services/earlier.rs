//! Sessions that were there before the service.

use std::time::Duration;

use simplenet::{ClientId, ClientReport, ServerReport};
use simplenet_tests::harness::{DEADLINE, soon};

use super::desk::{
    Deed::{self, Began, Ended},
    Desk, What, bind, client,
    desk::{self, ClientEvent, Manner, ServerEvent},
    held_note, note, visitor, whole, work,
};

/// A client whose `Connected` the application takes.
async fn taken(server: &mut desk::Server, id: u64) -> desk::Client {
    let client = connected(server, id).await;
    match soon("Connected", server.recv()).await {
        Some((taken, ServerEvent::Report(ServerReport::Connected(..)))) => {
            assert_eq!(taken, ClientId::new(id.into()));
        }
        other => panic!("{other:?}"),
    }
    client
}

/// A client whose `Connected` waits to be taken.
async fn connected(server: &desk::Server, id: u64) -> desk::Client {
    let mut client = client(server.url(), id).connect(visitor(id, Manner::AtOnce));
    match soon("Connected", client.recv()).await {
        Some(ClientEvent::Report(ClientReport::Connected)) => client,
        other => panic!("{other:?}"),
    }
}

fn has(deeds: &[Deed], what: What) -> bool {
    deeds.contains(&Ended(what))
}

#[tokio::test]
async fn sessions_from_before_are_served_as_far_as_they_are_not_handled() {
    let mut server = bind(Default::default());
    let first = taken(&mut server, 1).await;
    let second = connected(&server, 2).await;
    let calls = (first.call(work(10)), second.call(work(20)));
    first.send(note(11));
    second.send(note(21));

    let mut desk = Desk::serve(server);
    soon("the first answer", calls.0).await.unwrap();
    soon("the second answer", calls.1).await.unwrap();
    let mut deeds = Vec::new();
    while ![11, 21].iter().all(|&number| has(&deeds, What::Note(number))) {
        deeds.push(desk.deed().await);
    }
    assert!(!has(&deeds, What::Visit(1)), "its Connected was taken before: {deeds:?}");
    assert!(has(&deeds, What::Visit(2)), "{deeds:?}");
    assert_eq!(desk.server.clients().len(), 2);

    drop(first);
    desk.until(Ended(What::Leave(1))).await;
    soon("the second goes on", second.call(work(22))).await.unwrap();
}

#[tokio::test]
async fn a_session_from_before_is_handled_to_its_end_before_the_next_of_its_id() {
    let server = bind(Default::default());
    let mut old = connected(&server, 1).await;
    let mut desk = Desk::serve(server);
    old.send(held_note(10));
    desk.expect(whole(What::Visit(1))).await;
    desk.expect([Began(What::Note(10))]).await;
    old.close();
    match soon("the end", old.recv()).await {
        Some(ClientEvent::Report(ClientReport::ClosedBySelf)) => {}
        other => panic!("{other:?}"),
    }
    let config = simplenet::ClientConfig {
        reconnect_interval: Duration::from_millis(10),
        max_reconnect_interval: Duration::from_millis(10),
        ..Default::default()
    };
    let new = client(desk.server.url(), 1).config(config);
    let new = new.connect(visitor(2, Manner::AtOnce)).into_handle();
    let other = desk.client(3).into_handle();
    soon("another's answer", other.call(work(30))).await.unwrap();
    desk.release(10);
    let deeds = desk.until(Ended(What::Visit(2))).await;
    let place = |deed| deeds.iter().position(|present| *present == deed);
    assert!(place(Ended(What::Note(10))) < place(Began(What::Leave(1))), "{deeds:?}");
    assert!(place(Ended(What::Leave(1))).is_some(), "{deeds:?}");
    assert!(place(Ended(What::Leave(1))) < place(Began(What::Visit(2))), "{deeds:?}");
    soon("the new session", new.ready()).await.unwrap();
}

#[tokio::test]
async fn a_session_that_was_over_before_is_handled_before_the_next_of_its_id() {
    let server = bind(Default::default());
    // Three sessions of one id, one after the other, of which nobody has taken anything.
    for session in 1..=2 {
        let mut client = client(server.url(), 1).connect(visitor(session, Manner::AtOnce));
        soon("Connected", client.recv()).await;
        client.send(held_note(10 * u32::try_from(session).unwrap()));
        client.close();
        while soon("the end", client.recv()).await.is_some() {}
    }
    let handle = server.handle();
    let mut desk = Desk::serve(server);
    let new = client(handle.url(), 1).connect(visitor(3, Manner::AtOnce)).into_handle();
    desk.expect(whole(What::Visit(1))).await;
    desk.expect([Began(What::Note(10))]).await;
    let other = desk.client(4).into_handle();
    soon("another's answer", other.call(work(40))).await.unwrap();
    desk.release(10);
    desk.release(20);
    let deeds = desk.until(Ended(What::Visit(3))).await;
    let of_the_id: Vec<_> = deeds
        .into_iter()
        .filter(|deed| {
            !matches!(
                deed,
                Began(What::Visit(4) | What::Work(40)) | Ended(What::Visit(4) | What::Work(40))
            )
        })
        .collect();
    let mut expected = vec![Ended(What::Note(10))];
    for what in [What::Leave(1), What::Visit(2), What::Note(20), What::Leave(1), What::Visit(3)] {
        expected.extend(whole(what));
    }
    assert_eq!(of_the_id, expected);
    soon("the new session", new.ready()).await.unwrap();
}

#[tokio::test]
async fn a_shutdown_handles_sessions_from_before_to_their_end() {
    let server = bind(Default::default());
    let client = connected(&server, 1).await;
    let mut desk = Desk::serve(server);
    client.send(held_note(10));
    client.send(note(11));
    let call = client.call(work(12));
    desk.expect(whole(What::Visit(1))).await;
    desk.expect([Began(What::Note(10))]).await;
    let handle = desk.server.clone();
    let shutdown = tokio::spawn(async move { handle.shutdown(DEADLINE).await });
    while !desk.server.is_dead() {
        tokio::task::yield_now().await;
    }
    desk.release(10);
    soon("the answer", call).await.unwrap();
    soon("the shutdown", shutdown).await.unwrap();
    let mut expected = vec![Ended(What::Note(10))];
    for what in [What::Note(11), What::Work(12), What::Leave(1)] {
        expected.extend(whole(what));
    }
    assert_eq!(desk.rest().await, expected);
}
