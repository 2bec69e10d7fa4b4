//! Kicked clients during a shutdown, and the last events of a server.

use std::time::Duration;

use simplenet::{ClientReport, CloseReason, SendOutcome};
use simplenet_tests::{
    chat,
    harness::{client_event, ended, pair, server, server_event, soon},
};

async fn join_token(server: &mut chat::Server) -> chat::RequestToken<chat::Join> {
    match server_event(server).await.1 {
        chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => token,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn client_kicked_while_draining_is_dead() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let _idle = pair(&mut server, 2).await;
    client.request(chat::Join { room: chat::RoomId(1) });
    let _token = join_token(&mut server).await;
    let handle = server.handle();
    let shutdown = tokio::spawn(async move { handle.shutdown(Duration::from_secs(600)).await });
    // The client without open requests disconnects at once. The server notified the other client
    // before this one.
    assert_eq!(ended(&mut server).await.0, 2.into());
    let reason = CloseReason::kicked("cheating");
    assert_eq!(server.disconnect(1, reason.clone()), SendOutcome::Queued);
    match client_event(&mut client).await {
        chat::ClientEvent::Report(ClientReport::ClosedByServer(received)) => {
            assert_eq!(received, reason);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(ended(&mut server).await, (1.into(), reason));
    soon("the end", shutdown).await.unwrap();
}

#[tokio::test]
async fn no_event_follows_the_last_one() {
    let mut server = server();
    let clients = [pair(&mut server, 1).await, pair(&mut server, 2).await];
    clients[0].request(chat::Join { room: chat::RoomId(1) });
    let _never_answered = join_token(&mut server).await;
    let report = soon("the end", server.shutdown(Duration::from_millis(100))).await;
    assert_eq!((report.flushed, report.cut), (1, 1));
    let mut ids = [ended(&mut server).await.0, ended(&mut server).await.0];
    ids.sort();
    assert_eq!(ids, [1.into(), 2.into()]);
    assert!(soon("the end of the events", server.recv()).await.is_none());
    drop(clients);
    assert!(server.next().is_none());
    assert!(soon("the end of the events", server.recv()).await.is_none());
}
