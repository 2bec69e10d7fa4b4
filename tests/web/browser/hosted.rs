//! A page that is its own server.

use std::time::Duration;

use simplenet::{ClientReport, CloseReason, ServerReport};
use simplenet_web_tests::{expect, hello, is_connected, page, report, soon};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn page_serves_itself_over_memory() {
    let (mut server, connector) = page::Server::builder().bind_memory().expect("an event loop");
    let mut client = page::Client::in_memory(&connector).connect(hello());
    let (id, event) = soon("an event", server.recv()).await.expect("a server");
    assert!(matches!(event, page::ServerEvent::Report(ServerReport::Connected(..))), "{event:?}");
    is_connected(&mut client).await;

    client.send(page::Note { number: 7 });
    let (_, event) = soon("an event", server.recv()).await.expect("a server");
    match event {
        page::ServerEvent::Msg(page::ClientMsg::Note(note)) => assert_eq!(note.number, 7),
        other => panic!("{other:?}"),
    }
    server.send(id, page::Noted { number: 8 });
    let noted = page::ServerMsg::Noted(page::Noted { number: 8 });
    expect(&mut client, page::ClientEvent::Msg(noted)).await;

    soon("the end", server.shutdown(Duration::from_secs(1))).await;
    match report(&mut client).await {
        ClientReport::Disconnected(CloseReason::Draining { .. } | CloseReason::ShutDown) => {}
        other => panic!("{other:?}"),
    }
}
