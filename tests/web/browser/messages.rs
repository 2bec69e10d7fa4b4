//! Messages, requests and their statuses.

use std::time::Duration;

use simplenet::{
    AuthRequest, Bytes, CallError, ClientConfig, ClientReport, MessageStatus, RequestStatus,
};
use simplenet_web_tests::{client, client_with, connected, expect, fresh_id, page, soon, until};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn server_reports_the_environment_of_a_browser() {
    let id = fresh_id();
    let client = connected(client("open").auth(AuthRequest::None { client_id: id })).await;
    let info = soon("an answer", client.call(page::WhoAmI)).await;
    let expected = page::ClientInfo { client: id.get(), name: "a page".into(), web: true };
    assert_eq!(info.ok(), Some(expected));
}

#[wasm_bindgen_test]
async fn messages_arrive_in_order_in_both_directions() {
    let mut client = connected(client("open")).await;
    let sent: Vec<_> = (0..1000).map(|number| client.send(page::Note { number })).collect();
    for number in 0..1000 {
        let expected =
            page::ClientEvent::Msg(page::ServerMsg::NoteReceived(page::NoteReceived { number }));
        expect(&mut client, expected).await;
    }
    until("statuses", || sent.iter().all(|sent| sent.status() == MessageStatus::Sent)).await;
}

#[wasm_bindgen_test]
async fn requests_end_with_the_servers_answer() {
    let mut client = connected(client("open")).await;
    let echo = client.request(page::Echo { bytes: Bytes::from_static(b"hello") });
    let acknowledged = client.request(page::Ask::Acknowledge);
    let rejected = client.request(page::Ask::Reject);
    let unanswered = client.request(page::Ask::Ignore);

    let echoed = page::Echoed { bytes: Bytes::from_static(b"hello") };
    let response = page::ClientEvent::Response(page::ServerResponse::Echo(echoed), echo.id());
    expect(&mut client, response).await;
    expect(&mut client, page::ClientEvent::Ack(acknowledged.id())).await;
    expect(&mut client, page::ClientEvent::Reject(rejected.id())).await;
    client.close();
    let closed = page::ClientEvent::Report(ClientReport::ClosedBySelf);
    expect(&mut client, closed).await;
    expect(&mut client, page::ClientEvent::ResponseLost(unanswered.id())).await;

    let statuses = [&echo, &acknowledged, &rejected, &unanswered].map(|request| request.status());
    use RequestStatus::{Acknowledged, Rejected, Responded, ResponseLost};
    assert_eq!(statuses, [Responded, Acknowledged, Rejected, ResponseLost]);
}

#[wasm_bindgen_test]
async fn call_returns_its_answer() {
    let client = connected(client("open")).await;
    let bytes = Bytes::from_static(b"called");
    let answer = soon("an answer", client.call(page::Echo { bytes: bytes.clone() })).await;
    assert_eq!(answer.ok(), Some(page::Echoed { bytes }));

    let call = client.call(page::Ask::Ignore).timeout(Duration::from_millis(100));
    assert!(matches!(soon("the deadline", call).await, Err(CallError::TimedOut)));
}

#[wasm_bindgen_test]
async fn call_without_a_connection_waits_until_its_deadline() {
    let client = client("absent").connect(simplenet_web_tests::hello());
    let call = client.call(page::WhoAmI).timeout(Duration::from_millis(100));
    assert!(matches!(soon("the deadline", call).await, Err(CallError::NotSent(_))));
}

#[wasm_bindgen_test]
async fn round_trip_time_is_measured_by_protocol_pings() {
    let config =
        ClientConfig { heartbeat_interval: Duration::from_millis(50), ..Default::default() };
    let client = connected(client_with("open", config)).await;
    until("a round trip", || client.rtt().is_some()).await;
    assert!(client.rtt() < Some(Duration::from_secs(5)));
}

/// Handles are `Send` and `Sync` in a browser as well.
#[wasm_bindgen_test]
fn handles_and_calls_can_be_sent_and_shared() {
    fn assert_send_and_sync<T: Send + Sync>() {}
    fn assert_send<T: Send>() {}
    assert_send_and_sync::<page::Client>();
    assert_send_and_sync::<simplenet::ClientHandle<page::Page>>();
    assert_send::<simplenet::Call<page::Page, page::Echo>>();
}

#[wasm_bindgen_test]
fn generated_client_ids_differ() {
    let ids = [(); 2].map(|()| client_without_id().connect(simplenet_web_tests::hello()).id());
    assert_ne!(ids[0], ids[1]);
}

fn client_without_id() -> simplenet::ClientBuilder<page::Page> {
    page::Client::builder(simplenet_web_tests::server("absent"))
}
