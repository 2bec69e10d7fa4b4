//! Silence: of the server, or caused by a busy page.

use std::time::Duration;

use simplenet::{ClientConfig, ClientReport, CloseReason};
use simplenet_web_tests::{client_with, connected, is_connected, keep_busy, page, report, soon};
use wasm_bindgen_test::wasm_bindgen_test;

fn impatient() -> ClientConfig {
    ClientConfig {
        heartbeat_interval: Duration::from_millis(200),
        keepalive_timeout: Duration::from_millis(600),
        ..Default::default()
    }
}

/// While the page is busy, received frames wait behind the keepalive timer. The client must not blame the server.
#[wasm_bindgen_test]
async fn busy_page_reads_before_it_times_out() {
    let mut client = connected(client_with("open", impatient())).await;
    for _ in 0..3 {
        keep_busy(Duration::from_secs(2));
        let answer = soon("an answer", client.call(page::WhoAmI)).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
    assert!(client.next().is_none(), "the session continues");
}

#[wasm_bindgen_test]
async fn dead_server_is_detected_within_the_timeout() {
    let mut client = connected(client_with("proxied", impatient())).await;
    client.send(page::Order::Freeze);
    match report(&mut client).await {
        ClientReport::Disconnected(reason) => assert_eq!(reason, CloseReason::Timeout),
        other => panic!("{other:?}"),
    }
    connected(simplenet_web_tests::client("open")).await.send(page::Order::Thaw);
    is_connected(&mut client).await;
}
