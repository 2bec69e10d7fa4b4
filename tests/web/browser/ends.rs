//! The ends of sessions and clients.

use gloo_timers::future::TimeoutFuture;
use simplenet::{
    AuthRequest, ClientConfig, ClientReport, CloseReason, DeathReason, MessageStatus, SendError,
};
use simplenet_web_tests::{
    client, client_with, connected, event, expect, fresh_id, page, receive_connected, report, soon,
};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn messages_before_a_close_arrive() {
    const NOTES: u32 = 500;
    let id = fresh_id();
    let mut closing = connected(client("open").auth(AuthRequest::None { client_id: id })).await;
    for number in 0..NOTES {
        closing.send(page::Note { number });
    }
    closing.close();
    loop {
        match event(&mut closing).await {
            page::ClientEvent::Msg(_) => {}
            page::ClientEvent::Report(ClientReport::ClosedBySelf) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(report(&mut closing).await, ClientReport::IsDead(DeathReason::ClosedBySelf)));
    assert!(soon("the end", closing.recv()).await.is_none());

    let ended = Some(CloseReason::ClosedByClient.to_string());
    assert_eq!(record(id.get()).await, page::ClientRecord { notes: NOTES, ended });
}

#[wasm_bindgen_test]
async fn dropped_client_closes() {
    let id = fresh_id();
    drop(connected(client("open").auth(AuthRequest::None { client_id: id })).await);
    let ended = Some(CloseReason::ClosedByClient.to_string());
    assert_eq!(record(id.get()).await, page::ClientRecord { notes: 0, ended });
}

/// Returns the server's record of a client after the end of its session.
async fn record(client_id: u128) -> page::ClientRecord {
    let client = connected(client("open")).await;
    soon("the end of a session", async {
        loop {
            match client.call(page::GetRecord { client: client_id }).await {
                Ok(page::ClientRecord { ended: None, .. }) => {}
                Ok(record) => return record,
                Err(error) => panic!("{error}"),
            }
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn application_close_carries_its_code_and_text() {
    let mut client = connected(client("open")).await;
    client.send(page::Command::Close { code: 7, text: "done, Füße".into() });
    let reason = CloseReason::Application { code: 7, text: "done, Füße".into() };
    match report(&mut client).await {
        ClientReport::ClosedByServer(given) => assert_eq!(given, reason),
        other => panic!("{other:?}"),
    }
    match report(&mut client).await {
        ClientReport::IsDead(DeathReason::SessionEnded(given)) => assert_eq!(given, reason),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn client_reconnects_after_an_application_close_if_configured() {
    let config = ClientConfig { reconnect_on_server_close: true, ..Default::default() };
    let mut client = connected(client_with("open", config)).await;
    client.send(page::Command::Close { code: 0, text: String::new() });
    assert!(matches!(report(&mut client).await, ClientReport::ClosedByServer(_)));
    receive_connected(&mut client).await;
}

#[wasm_bindgen_test]
async fn kicked_client_does_not_reconnect() {
    let mut client = connected(client("open")).await;
    client.send(page::Command::Kick { text: "kicked".into() });
    match report(&mut client).await {
        ClientReport::ClosedByServer(reason) => assert_eq!(reason, CloseReason::kicked("kicked")),
        other => panic!("{other:?}"),
    }
    assert!(matches!(report(&mut client).await, ClientReport::IsDead(_)));
}

/// A browser reports that the server closes long before it reports the reason. Messages sent
/// meanwhile must not end the session.
#[wasm_bindgen_test]
async fn client_kicked_while_sending_receives_the_reason() {
    let mut client = connected(client("proxied")).await;
    client.send(page::Command::FreezeAndKick { text: "kicked".into() });
    let (last, report_of_end) = soon("the end", async {
        loop {
            let note = client.send(page::Note { number: 0 });
            TimeoutFuture::new(1).await;
            while let Some(event) = client.next() {
                if let page::ClientEvent::Report(report) = event {
                    return (note, report);
                }
            }
        }
    })
    .await;
    connected(simplenet_web_tests::client("open")).await.send(page::Command::Unfreeze);
    match report_of_end {
        ClientReport::ClosedByServer(reason) => assert_eq!(reason, CloseReason::kicked("kicked")),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        last.status(),
        MessageStatus::Failed(SendError::SessionEnded),
        "the browser did not send the message"
    );
    assert!(matches!(report(&mut client).await, ClientReport::IsDead(_)));
}

#[wasm_bindgen_test]
async fn client_reconnects_to_a_restarted_server() {
    let mut client = connected(client("open")).await;
    let unanswered = client.request(page::Ask::Ignore);
    client.send(page::Command::Restart);
    match report(&mut client).await {
        ClientReport::Disconnected(CloseReason::Draining { .. }) => {}
        other => panic!("{other:?}"),
    }
    expect(&mut client, page::ClientEvent::ResponseLost(unanswered.id())).await;
    receive_connected(&mut client).await;
    assert!(soon("an answer", client.call(page::WhoAmI)).await.is_ok());
}
