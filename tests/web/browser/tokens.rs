//! Clients that show tokens, which another server gives them.

use std::time::Duration;

use simplenet::{
    AuthProvider, AuthRequest, AuthToken, ClientId, ClientReport, CloseReason, DeathReason,
};
use simplenet_web_tests::{client, connected, fresh_id, hello, page, report, soon, within};
use wasm_bindgen_test::wasm_bindgen_test;

/// A token for this client, from the server that knows everybody.
async fn log_in(id: ClientId, seconds: u32) -> AuthToken {
    let login = connected(client("open")).await;
    let pass = login.call(page::LogIn { client: id.get(), seconds }).await.expect("a token");
    pass.token.parse().expect("a token")
}

#[wasm_bindgen_test]
async fn a_token_says_who_the_client_is() {
    let id = fresh_id();
    let token = log_in(id, 3600).await;
    let member = connected(client("members").auth(AuthRequest::Token { token })).await;
    let you = soon("an answer", member.call(page::WhoAmI)).await.expect("an answer");
    assert_eq!(you.client, id.get());
}

#[wasm_bindgen_test]
async fn without_a_token_nobody_gets_in() {
    let mut stranger = client("members").connect(hello());
    match report(&mut stranger).await {
        ClientReport::IsDead(DeathReason::Refused(CloseReason::AuthenticationRefused(_))) => {}
        other => panic!("{other:?}"),
    }
}

/// By the wall clock of the browser.
#[wasm_bindgen_test]
async fn a_client_ends_with_its_token() {
    let token = log_in(fresh_id(), 1).await;
    let mut member = client("members").auth(AuthRequest::Token { token }).connect(hello());
    loop {
        match report(&mut member).await {
            ClientReport::Connected | ClientReport::Disconnected(_) => {}
            ClientReport::IsDead(DeathReason::TokenExpired) => break,
            other => panic!("{other:?}"),
        }
    }
}

/// What gives tokens in a page may hold whatever a page has.
#[wasm_bindgen_test]
async fn a_provider_outlives_its_tokens() {
    let id = fresh_id();
    let provider = AuthProvider::new(move || async move {
        let only_here = std::rc::Rc::new(id);
        Ok(log_in(*only_here, 5).await.into())
    });
    let mut member =
        connected(client("members").auth(AuthRequest::Provider { client_id: id, provider })).await;
    // Longer than the token that it has begun with.
    let ended = within(Duration::from_secs(6), member.recv()).await;
    assert!(ended.is_none(), "{ended:?}");
    assert!(soon("an answer", member.call(page::WhoAmI)).await.is_ok());
}
