//! A server that runs out of file descriptors.

use std::time::Duration;

use simplenet::{CallError, ClientConfig};
use simplenet_tests::{
    chat,
    harness::{client, connected, hello, soon},
    raw::RawPeer,
};

use super::process::Process;

const DESCRIPTORS: usize = 40;

/// The time during which the server has no file descriptors left.
const STALL: Duration = Duration::from_secs(1);

/// Asserts that the server answers a request of the client.
async fn assert_served(client: &chat::Client) {
    let call = client.call(chat::Say { room: chat::RoomId(1), text: "hi".into() });
    assert!(matches!(soon("the answer", call).await, Err(CallError::Acknowledged)));
}

#[tokio::test]
async fn server_without_file_descriptors_keeps_its_sessions_and_accepts_again_later() {
    let mut server = Process::start_with_descriptors(DESCRIPTORS, &["server", "127.0.0.1:0"]);
    let url = server.url().await;
    let mut early = client(url.clone(), 1).connect(hello());
    connected(&mut early).await;

    let mut pending = Vec::new();
    for _ in 0..2 * DESCRIPTORS {
        pending.push(RawPeer::dial(&url).await);
    }
    soon("the last descriptor", async {
        while server.descriptors(DESCRIPTORS) < DESCRIPTORS {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let before = server.processor_time();
    let mut pace = tokio::time::interval(STALL / 10);
    for _ in 0..=10 {
        pace.tick().await;
        assert_served(&early).await;
    }
    let used = server.processor_time() - before;
    assert!(used < STALL / 2, "{used:?} of CPU time in {STALL:?} of waiting");
    assert_eq!(server.descriptors(DESCRIPTORS), DESCRIPTORS);

    drop(pending);
    let config =
        ClientConfig { reconnect_interval: Duration::from_millis(10), ..Default::default() };
    let mut late = client(url, 2).config(config).connect(hello());
    connected(&mut late).await;
    assert_served(&late).await;
    assert_served(&early).await;
}
