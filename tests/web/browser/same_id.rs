//! Two tabs with one id, such as a duplicated tab whose page stores its id.

use simplenet::{
    AuthRequest, ClientBuilder, ClientId, ClientReport, ClientState, CloseReason, ConnectError,
    DeathReason, NotConnected,
};
use simplenet_web_tests::{
    client, connected, fresh_id, hello, page, receive_connected, report, resume, soon, state,
};
use wasm_bindgen_test::wasm_bindgen_test;

fn with_id(server: &str, client_id: ClientId) -> ClientBuilder<page::Page> {
    client(server).auth(AuthRequest::None { client_id })
}

/// Returns whether the session of this client works.
async fn is_served(client: &page::Client) -> bool {
    soon("an answer", client.call(page::WhoAmI)).await.is_ok()
}

#[wasm_bindgen_test]
async fn second_tab_waits_until_the_first_has_closed() {
    let id = fresh_id();
    let first = connected(with_id("open", id)).await;
    let mut second = with_id("open", id).connect(hello());
    state(&second, "a refusal", |state| {
        let ClientState::Connecting { attempt, reason, .. } = state else { return false };
        let refused = NotConnected::Failed(ConnectError::Refused(CloseReason::DuplicateId));
        *attempt >= 3 && format!("{reason:?}") == format!("{refused:?}")
    })
    .await;
    assert!(is_served(&first).await, "the second tab has no effect on the first");
    first.close();
    receive_connected(&mut second).await;
    assert!(is_served(&second).await);
}

#[wasm_bindgen_test]
async fn second_tab_takes_over_without_a_fight() {
    let id = fresh_id();
    let mut first = connected(with_id("takeover", id)).await;
    let mut second = connected(with_id("takeover", id)).await;
    let reason = report(&mut first).await;
    assert!(matches!(reason, ClientReport::ClosedByServer(CloseReason::TakenOver)), "{reason:?}");
    let death = report(&mut first).await;
    let ClientReport::IsDead(DeathReason::SessionEnded(reason)) = death else {
        panic!("{death:?}");
    };
    assert_eq!(reason, CloseReason::TakenOver);
    // The first tab is shown again, and does not come back.
    resume();
    assert!(soon("the end", first.recv()).await.is_none());
    assert!(is_served(&second).await);
    assert!(second.next().is_none(), "the session of the second tab continues");
}
