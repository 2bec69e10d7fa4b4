//! Clients with tokens from a login server.

use std::time::Duration;

use simplenet::{
    AuthProvider, AuthRequest, AuthToken, ClientId, ClientReport, CloseReason, DeathReason,
};
use simplenet_web_tests::{client, connected, fresh_id, hello, page, report, soon, within};
use wasm_bindgen_test::wasm_bindgen_test;

/// Gets a token for this client from the login server.
async fn log_in(id: ClientId, seconds: u32) -> AuthToken {
    let login = connected(client("open")).await;
    let pass = login.call(page::LogIn { client: id.get(), seconds }).await.expect("a token");
    pass.token.parse().expect("a token")
}

#[wasm_bindgen_test]
async fn token_determines_the_client_id() {
    let id = fresh_id();
    let token = log_in(id, 3600).await;
    let member = connected(client("members").auth(AuthRequest::Token { token })).await;
    let you = soon("an answer", member.call(page::WhoAmI)).await.expect("an answer");
    assert_eq!(you.client, id.get());
}

#[wasm_bindgen_test]
async fn client_without_a_token_is_refused() {
    let mut stranger = client("members").connect(hello());
    match report(&mut stranger).await {
        ClientReport::IsDead(DeathReason::Refused(CloseReason::AuthenticationRefused(_))) => {}
        other => panic!("{other:?}"),
    }
}

/// Returns the time of the browser's wall clock.
#[wasm_bindgen_test]
async fn client_ends_when_its_token_expires() {
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

/// A token provider in a page may hold values that are not `Send`.
#[wasm_bindgen_test]
async fn client_with_a_provider_outlives_its_tokens() {
    let id = fresh_id();
    let provider = AuthProvider::new(move || async move {
        let only_here = std::rc::Rc::new(id);
        Ok(log_in(*only_here, 5).await.into())
    });
    let mut member =
        connected(client("members").auth(AuthRequest::Provider { client_id: id, provider })).await;
    // Longer than the lifetime of the first token.
    let ended = within(Duration::from_secs(6), member.recv()).await;
    assert!(ended.is_none(), "{ended:?}");
    assert!(soon("an answer", member.call(page::WhoAmI)).await.is_ok());
}
