//! Messages and requests that were in a buffer when the connection broke.

use simplenet::{
    ClientConfig, ClientReport, MessageStatus, RequestId, RequestSignal, RequestStatus,
};
use simplenet_tests::{
    chat,
    harness::{client, client_event, connected, hello, soon},
    raw::RawServer,
};

/// Requests of this size and number exceed the buffers between client and server.
const MANY: u32 = 60;
const SIZE: usize = 500_000;

fn large(number: u32) -> chat::Say {
    chat::Say { room: chat::RoomId(number), text: "x".repeat(SIZE) }
}

/// Requests in the outbox have failed. Requests that have left it may have arrived.
#[tokio::test]
async fn c6_statuses_report_the_progress_of_each_message() {
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
            MessageStatus::Sending => panic!("the request has an outcome"),
        });
        left.push(is_out(request));
    }
    assert!(left[0], "the first request was sent");
    assert!(!left[left.len() - 1], "the last request was not sent");
    assert!(left.is_sorted_by(|earlier, later| earlier >= later), "in order: {left:?}");
    let lost = sent.iter().any(|(message, _)| message.status() == MessageStatus::Lost);
    assert!(lost, "requests that were handed over and not flushed");
}

/// Returns true if the request had left the client.
fn is_out(request: &RequestSignal) -> bool {
    match request.status() {
        RequestStatus::ResponseLost => true,
        RequestStatus::SendFailed => false,
        other => panic!("{other:?}"),
    }
}

/// Returns the outcomes of the requests of a dead client.
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
