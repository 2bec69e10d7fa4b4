//! Clients with tokens.

use std::time::Duration;

use simplenet::{
    AuthProvider, AuthRequest, AuthToken, ClientId, ClientReport, CloseReason, DeathReason,
};
use simplenet_web_tests::{client, connected, fresh_id, hello, page, report, soon, within};
use wasm_bindgen_test::wasm_bindgen_test;

/// Requests a token for this client from a server.
async fn log_in(id: ClientId, seconds: u32) -> AuthToken {
    let login = connected(client("open")).await;
    let issued = login.call(page::LogIn { client: id.get(), seconds }).await.expect("a token");
    issued.token.parse().expect("a token")
}

#[wasm_bindgen_test]
async fn token_determines_the_client_id() {
    let id = fresh_id();
    let token = log_in(id, 3600).await;
    let authenticated = connected(client("token").auth(AuthRequest::Token { token })).await;
    let info = soon("an answer", authenticated.call(page::WhoAmI)).await.expect("an answer");
    assert_eq!(info.client, id.get());
}

#[wasm_bindgen_test]
async fn client_without_a_token_is_refused() {
    let mut refused = client("token").connect(hello());
    match report(&mut refused).await {
        ClientReport::IsDead(DeathReason::Refused(CloseReason::AuthenticationRefused(_))) => {}
        other => panic!("{other:?}"),
    }
}

/// The client compares the expiry with the browser's wall clock.
#[wasm_bindgen_test]
async fn client_ends_when_its_token_expires() {
    let token = log_in(fresh_id(), 1).await;
    let mut authenticated = client("token").auth(AuthRequest::Token { token }).connect(hello());
    loop {
        match report(&mut authenticated).await {
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
        let not_send = std::rc::Rc::new(id);
        Ok(log_in(*not_send, 5).await.into())
    });
    let mut authenticated =
        connected(client("token").auth(AuthRequest::Provider { client_id: id, provider })).await;
    // Longer than the lifetime of the first token.
    let ended = within(Duration::from_secs(6), authenticated.recv()).await;
    assert!(ended.is_none(), "{ended:?}");
    assert!(soon("an answer", authenticated.call(page::WhoAmI)).await.is_ok());
}
