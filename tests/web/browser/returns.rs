//! The network or the person comes back.

use std::time::Duration;

use simplenet::{ClientConfig, ClientReport, ClientState, CloseReason};
use simplenet_web_tests::{
    become_hidden, become_visible, client, client_with, connected, go_online, hello, is_connected,
    page, report, state,
};
use wasm_bindgen_test::wasm_bindgen_test;

const HOUR: Duration = Duration::from_secs(3600);

#[wasm_bindgen_test]
async fn a_client_connects_at_once_when_the_browser_is_online_again() {
    comes_back_at(go_online).await;
}

#[wasm_bindgen_test]
async fn a_client_connects_at_once_when_its_page_can_be_seen_again() {
    comes_back_at(become_visible).await;
}

#[wasm_bindgen_test]
async fn a_client_goes_on_waiting_when_its_page_is_hidden() {
    let mut client = waiting_for_long().await;
    become_hidden();
    // The client, had it begun to connect, would have been the first.
    connected(simplenet_web_tests::client("open")).await;
    let waits = client.next().is_none();
    become_visible();
    assert!(waits, "it came back to a page that nobody sees");
    is_connected(&mut client).await;
}

/// This server has no place for anybody, and asks to stay away for an hour.
#[wasm_bindgen_test]
async fn a_client_stays_away_as_long_as_the_server_asks() {
    let waiting = client("full").connect(hello());
    let refused = |state: &ClientState| matches!(state, ClientState::Connecting { attempt: 2, .. });
    match state(&waiting, "the wait", refused).await {
        ClientState::Connecting { delay, .. } => assert!(delay >= HOUR, "{delay:?}"),
        other => panic!("{other:?}"),
    }
    go_online();
    become_visible();
    // The client, had it begun to connect, would have been refused before.
    let other = client("full").connect(hello());
    state(&other, "the wait", refused).await;
    assert!(refused(&waiting.state()), "{:?}", waiting.state());
}

/// A client that would wait for long, but for what happens.
async fn comes_back_at(happening: fn()) {
    let mut client = waiting_for_long().await;
    happening();
    is_connected(&mut client).await;
}

async fn waiting_for_long() -> page::Client {
    let builder = client("open");
    let config = ClientConfig {
        reconnect_interval: 1000 * HOUR,
        max_reconnect_interval: 1000 * HOUR,
        reconnect_on_server_close: true,
        ..Default::default()
    };
    let mut client = connected(builder.config(config)).await;
    client.send(page::Order::Close { code: 0, text: String::new() });
    assert!(matches!(report(&mut client).await, ClientReport::ClosedByServer(_)));
    state(&client, "the wait", |state| {
        matches!(state, ClientState::Connecting { delay, .. } if *delay > Duration::from_secs(60))
    })
    .await;
    client
}

/// While nobody watched, the connection may have died: whether it has shows within an interval instead of a timeout.
#[wasm_bindgen_test]
async fn a_dead_connection_is_noticed_soon_after_a_return() {
    let config = ClientConfig {
        heartbeat_interval: Duration::from_millis(300),
        keepalive_timeout: HOUR,
        ..Default::default()
    };
    let mut client = connected(client_with("proxied", config)).await;
    client.send(page::Order::Freeze);
    let frozen = client.call(page::WhoAmI).timeout(Duration::from_millis(200)).await;
    assert!(frozen.is_err(), "nothing comes through");
    go_online();
    match report(&mut client).await {
        ClientReport::Disconnected(reason) => assert_eq!(reason, CloseReason::Timeout),
        other => panic!("{other:?}"),
    }
    let other = connected(simplenet_web_tests::client("open")).await;
    other.send(page::Order::Thaw);
    is_connected(&mut client).await;
}
