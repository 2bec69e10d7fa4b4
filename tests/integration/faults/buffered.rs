//! Messages and requests that are still in a buffer when the connection breaks.

use simplenet::{
    ClientConfig, ClientReport, MessageStatus, RequestId, RequestSignal, RequestStatus,
};
use simplenet_tests::{
    chat,
    harness::{client, client_event, connected, hello, soon},
    raw::RawServer,
};

/// Number of requests. With [`SIZE`], they exceed the buffers between client and server.
const MANY: u32 = 60;

/// Bytes of each request.
const SIZE: usize = 500_000;

fn large(number: u32) -> chat::Say {
    chat::Say { room: chat::RoomId(number), text: "x".repeat(SIZE) }
}

/// Requests in the outbox fail. Requests that have left the outbox may have arrived, so their
/// responses are lost.
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
    soon("the first request", async {
        while sent[0].1.status() == RequestStatus::Sending {
            tokio::task::yield_now().await;
        }
    })
    .await;
    drop(peer);
    let outcomes = request_outcomes(&mut client).await;

    assert_eq!(first.status(), MessageStatus::Sent);
    assert_eq!(outcomes.len(), sent.len());
    // For each message and request, true if it was sent.
    let mut progress = Vec::new();
    for ((message, request), (id, status)) in sent.iter().zip(outcomes) {
        assert_eq!((request.id(), request.status()), (id, status));
        progress.push(match message.status() {
            MessageStatus::Sent | MessageStatus::Lost => true,
            MessageStatus::Failed(_) => false,
            MessageStatus::Sending => {
                panic!("a message before a request with an outcome is still sending")
            }
        });
        progress.push(was_sent(request));
    }
    assert!(progress[0], "the first message was not sent");
    assert!(!progress[progress.len() - 1], "the last request was sent");
    let in_order = progress.is_sorted_by(|earlier, later| earlier >= later);
    assert!(in_order, "sent after an unsent one: {progress:?}");
    let lost = sent.iter().any(|(message, _)| message.status() == MessageStatus::Lost);
    assert!(lost, "no message was accepted by the transport and not flushed");
}

/// Returns true if the request had left the outbox.
fn was_sent(request: &RequestSignal) -> bool {
    match request.status() {
        RequestStatus::ResponseLost => true,
        RequestStatus::SendFailed(_) => false,
        other => panic!("{other:?}"),
    }
}

/// Returns the outcomes of the requests of a dead client.
async fn request_outcomes(client: &mut chat::Client) -> Vec<(RequestId, RequestStatus)> {
    let mut outcomes = Vec::new();
    loop {
        match client_event(client).await {
            chat::ClientEvent::SendFailed(id, error) => {
                outcomes.push((id, RequestStatus::SendFailed(error)));
            }
            chat::ClientEvent::ResponseLost(id) => outcomes.push((id, RequestStatus::ResponseLost)),
            chat::ClientEvent::Report(ClientReport::IsDead(_)) => return outcomes,
            chat::ClientEvent::Report(_) => {}
            other => panic!("{other:?}"),
        }
    }
}
