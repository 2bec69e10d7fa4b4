//! Who is silent: the server, or a page that does not listen.

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

/// Nothing runs meanwhile, and what has come waits behind the timer of the keepalive: the silence was our own.
#[wasm_bindgen_test]
async fn a_page_that_was_busy_listens_before_it_judges() {
    let mut client = connected(client_with("open", impatient())).await;
    for _ in 0..3 {
        keep_busy(Duration::from_secs(2));
        let answer = soon("an answer", client.call(page::WhoAmI)).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
    assert!(client.next().is_none(), "no session has ended");
}

#[wasm_bindgen_test]
async fn a_dead_server_is_noticed_within_the_timeout() {
    let mut client = connected(client_with("proxied", impatient())).await;
    client.send(page::Order::Freeze);
    match report(&mut client).await {
        ClientReport::Disconnected(reason) => assert_eq!(reason, CloseReason::Timeout),
        other => panic!("{other:?}"),
    }
    connected(simplenet_web_tests::client("open")).await.send(page::Order::Thaw);
    is_connected(&mut client).await;
}
