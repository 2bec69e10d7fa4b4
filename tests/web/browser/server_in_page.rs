//! A server and its client in the same page.

use std::time::Duration;

use simplenet::{ClientReport, CloseReason, ServerReport};
use simplenet_web_tests::{expect, hello, page, receive_connected, report, soon};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn server_in_a_page_serves_a_client_over_memory() {
    let (mut server, connector) = page::Server::builder().bind_memory().expect("an event loop");
    let mut client = page::Client::in_memory(&connector).connect(hello());
    let (id, event) = soon("an event", server.recv()).await.expect("a server");
    assert!(matches!(event, page::ServerEvent::Report(ServerReport::Connected(..))), "{event:?}");
    receive_connected(&mut client).await;

    client.send(page::Note { number: 7 });
    let (_, event) = soon("an event", server.recv()).await.expect("a server");
    match event {
        page::ServerEvent::Msg(page::ClientMsg::Note(note)) => assert_eq!(note.number, 7),
        other => panic!("{other:?}"),
    }
    server.send(id, page::NoteReceived { number: 8 });
    let received = page::ServerMsg::NoteReceived(page::NoteReceived { number: 8 });
    expect(&mut client, page::ClientEvent::Msg(received)).await;

    soon("the end", server.shutdown(Duration::from_secs(1))).await;
    match report(&mut client).await {
        ClientReport::Disconnected(CloseReason::Draining { .. } | CloseReason::ShutDown) => {}
        other => panic!("{other:?}"),
    }
}
