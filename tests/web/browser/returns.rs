//! The network or the person comes back.

use std::time::Duration;

use simplenet::{ClientConfig, ClientReport, ClientState, CloseReason};
use simplenet_web_tests::{
    become_visible, client_with, connected, go_online, is_connected, page, report, state,
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

/// A client that would wait for an hour, but for what happens.
async fn comes_back_at(happening: fn()) {
    let builder = simplenet_web_tests::client("open");
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
    happening();
    is_connected(&mut client).await;
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
