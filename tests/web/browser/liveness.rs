//! Keepalive timeouts with a silent server and in a busy page.

use std::time::Duration;

use simplenet::{ClientConfig, ClientReport, CloseReason};
use simplenet_web_tests::{
    client_with, connected, keep_busy, page, receive_connected, report, soon,
};
use wasm_bindgen_test::wasm_bindgen_test;

fn short_timeouts() -> ClientConfig {
    ClientConfig {
        heartbeat_interval: Duration::from_millis(200),
        keepalive_timeout: Duration::from_millis(600),
        ..Default::default()
    }
}

/// While the page is busy, received frames wait behind the keepalive timer. The client must read
/// them before it times out.
#[wasm_bindgen_test]
async fn busy_page_reads_before_it_times_out() {
    let mut client = connected(client_with("open", short_timeouts())).await;
    for _ in 0..3 {
        keep_busy(Duration::from_secs(2));
        let answer = soon("an answer", client.call(page::WhoAmI)).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
    assert!(client.next().is_none(), "the session continues");
}

#[wasm_bindgen_test]
async fn dead_server_is_detected_within_the_timeout() {
    let mut client = connected(client_with("proxied", short_timeouts())).await;
    client.send(page::Command::Freeze);
    match report(&mut client).await {
        ClientReport::Disconnected(reason) => assert_eq!(reason, CloseReason::Timeout),
        other => panic!("{other:?}"),
    }
    connected(simplenet_web_tests::client("open")).await.send(page::Command::Unfreeze);
    receive_connected(&mut client).await;
}
