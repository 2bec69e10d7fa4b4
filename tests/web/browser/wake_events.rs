//! Wake events: the browser is online again, or the page is visible, resumed or restored again.

use std::time::Duration;

use simplenet::{ClientConfig, ClientReport, ClientState, CloseReason};
use simplenet_web_tests::{
    be_restored, become_hidden, become_visible, client, client_with, connected, go_online, hello,
    page, receive_connected, report, resume, state,
};
use wasm_bindgen_test::wasm_bindgen_test;

const HOUR: Duration = Duration::from_secs(3600);

#[wasm_bindgen_test]
async fn client_connects_at_once_when_the_browser_is_online_again() {
    assert_reconnects_at(go_online).await;
}

#[wasm_bindgen_test]
async fn client_connects_at_once_when_its_page_is_visible_again() {
    assert_reconnects_at(become_visible).await;
}

#[wasm_bindgen_test]
async fn client_connects_at_once_when_its_page_is_resumed() {
    assert_reconnects_at(resume).await;
}

#[wasm_bindgen_test]
async fn client_connects_at_once_when_its_page_is_restored() {
    assert_reconnects_at(be_restored).await;
}

#[wasm_bindgen_test]
async fn client_keeps_waiting_when_its_page_is_hidden() {
    let mut client = client_with_long_backoff().await;
    become_hidden();
    // If the hidden client had tried to reconnect, it would have succeeded before this second
    // client.
    connected(simplenet_web_tests::client("open")).await;
    let waits = matches!(client.state(), ClientState::Connecting { .. });
    become_visible();
    assert!(waits, "the client reconnected in a hidden page");
    receive_connected(&mut client).await;
}

/// This server is always full, and sends a retry time of an hour.
#[wasm_bindgen_test]
async fn client_respects_the_retry_time_of_the_server() {
    let waiting = client("full").connect(hello());
    let refused = |state: &ClientState| matches!(state, ClientState::Connecting { attempt: 2, .. });
    match state(&waiting, "the wait", refused).await {
        ClientState::Connecting { delay, .. } => assert!(delay >= HOUR, "{delay:?}"),
        other => panic!("{other:?}"),
    }
    go_online();
    become_visible();
    // An attempt of the waiting client would have been refused before this attempt.
    let other = client("full").connect(hello());
    state(&other, "the wait", refused).await;
    assert!(refused(&waiting.state()), "{:?}", waiting.state());
}

/// Asserts that the wake event ends the long backoff of a client.
async fn assert_reconnects_at(wake_event: fn()) {
    let mut client = client_with_long_backoff().await;
    wake_event();
    receive_connected(&mut client).await;
}

/// Connects a client, closes its session, and waits until the client waits for its next attempt.
async fn client_with_long_backoff() -> page::Client {
    let builder = client("open");
    let config = ClientConfig {
        reconnect_interval: 1000 * HOUR,
        max_reconnect_interval: 1000 * HOUR,
        reconnect_on_server_close: true,
        ..Default::default()
    };
    let mut client = connected(builder.config(config)).await;
    client.send(page::Command::Close { code: 0, text: String::new() });
    assert!(matches!(report(&mut client).await, ClientReport::ClosedByServer(_)));
    state(&client, "the wait", |state| {
        matches!(state, ClientState::Connecting { delay, .. } if *delay > Duration::from_secs(60))
    })
    .await;
    client
}

/// A wake event shortens the detection from the keepalive timeout to the heartbeat interval.
#[wasm_bindgen_test]
async fn dead_connection_is_detected_soon_after_a_wake_event() {
    let config = ClientConfig {
        heartbeat_interval: Duration::from_millis(300),
        keepalive_timeout: HOUR,
        ..Default::default()
    };
    let mut client = connected(client_with("proxied", config)).await;
    client.send(page::Command::Freeze);
    let answer = client.call(page::WhoAmI).timeout(Duration::from_millis(200)).await;
    assert!(answer.is_err(), "the frozen connection transferred an answer");
    go_online();
    match report(&mut client).await {
        ClientReport::Disconnected(reason) => assert_eq!(reason, CloseReason::Timeout),
        other => panic!("{other:?}"),
    }
    let other = connected(simplenet_web_tests::client("open")).await;
    other.send(page::Command::Unfreeze);
    receive_connected(&mut client).await;
}
