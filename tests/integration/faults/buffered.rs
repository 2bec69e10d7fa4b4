//! What sat in a buffer when the connection died.

use simplenet::{
    ClientConfig, ClientReport, MessageStatus, RequestId, RequestSignal, RequestStatus,
};
use simplenet_tests::{
    chat,
    harness::{client, client_event, connected, hello, soon},
    raw::RawServer,
};

/// With as many requests of this size, more than every buffer on the way takes.
const MANY: u32 = 60;
const SIZE: usize = 500_000;

fn large(number: u32) -> chat::Say {
    chat::Say { room: chat::RoomId(number), text: "x".repeat(SIZE) }
}

/// What is still in the outbox has failed; what has left it may have arrived.
#[tokio::test]
async fn c6_statuses_tell_how_far_it_had_come() {
    let server = RawServer::bind().await;
    let config = ClientConfig {
        outbox_bytes: 2 * MANY as usize * SIZE,
        reconnect_on_disconnect: false,
        ..Default::default()
    };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    let peer = server.welcomed().await;
    connected(&mut client).await;

    let first = client.send(chat::Typing);
    soon("the first message", async {
        while first.status() == MessageStatus::Sending {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let sent: Vec<_> = (0..MANY)
        .map(|number| (client.send(chat::Typing), client.request(large(number))))
        .collect();
    soon("the way to the socket", async {
        while sent[0].1.status() == RequestStatus::Sending {
            tokio::task::yield_now().await;
        }
    })
    .await;
    drop(peer);
    let ends = ends(&mut client).await;

    assert_eq!(first.status(), MessageStatus::Sent);
    assert_eq!(ends.len(), sent.len());
    let mut left = Vec::new();
    for ((message, request), (id, status)) in sent.iter().zip(ends) {
        assert_eq!((request.id(), request.status()), (id, status));
        left.push(match message.status() {
            MessageStatus::Sent | MessageStatus::Lost => true,
            MessageStatus::Failed => false,
            MessageStatus::Sending => panic!("it has an end"),
        });
        left.push(is_out(request));
    }
    assert!(left[0], "the first was on its way");
    assert!(!left[left.len() - 1], "the last was not");
    assert!(left.is_sorted_by(|earlier, later| earlier >= later), "one after the other: {left:?}");
    let lost = sent.iter().any(|(message, _)| message.status() == MessageStatus::Lost);
    assert!(lost, "what was handed over and not written to the end");
}

/// Whether the request had left the client.
fn is_out(request: &RequestSignal) -> bool {
    match request.status() {
        RequestStatus::ResponseLost => true,
        RequestStatus::SendFailed => false,
        other => panic!("{other:?}"),
    }
}

/// How the requests of a client end with it.
async fn ends(client: &mut chat::Client) -> Vec<(RequestId, RequestStatus)> {
    let mut ends = Vec::new();
    loop {
        match client_event(client).await {
            chat::ClientEvent::SendFailed(id) => ends.push((id, RequestStatus::SendFailed)),
            chat::ClientEvent::ResponseLost(id) => ends.push((id, RequestStatus::ResponseLost)),
            chat::ClientEvent::Report(ClientReport::IsDead(_)) => return ends,
            chat::ClientEvent::Report(_) => {}
            other => panic!("{other:?}"),
        }
    }
}
