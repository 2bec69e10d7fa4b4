//! Refused clients and their reasons.

use std::error::Error;

use simplenet::{
    AuthRequest, ClientConfig, ClientReport, CloseReason, ConnectError, DeathReason, Secret,
};
use simplenet_web_tests::{client, connected, fresh_id, hello, page, report, server, soon};
use wasm_bindgen_test::wasm_bindgen_test;

/// The channel of an older page, which stayed open while the server was updated.
#[simplenet::channel(name = "page")]
mod older {
    #[connect]
    pub struct Hello {
        pub name: String,
    }
    #[client_message]
    pub struct Note {
        pub number: u16,
    }
}

#[wasm_bindgen_test]
async fn page_with_another_schema_receives_the_differences() {
    let mut client =
        older::Client::builder(server("open")).connect(older::Hello { name: "".into() });
    let reason = match soon("a report", client.recv()).await {
        Some(older::ClientEvent::Report(ClientReport::IsDead(DeathReason::Refused(reason)))) => {
            reason
        }
        other => panic!("{other:?}"),
    };
    let CloseReason::ProtocolMismatch(mismatch) = &reason else { panic!("{reason:?}") };
    let changed = |path: &str| mismatch.changes.iter().any(|change| change.path == path);
    assert!(changed("Note.number"), "{mismatch:?}");
    assert!(mismatch.to_string().contains("u16"), "{mismatch}");
}

#[wasm_bindgen_test]
async fn correct_secret_is_accepted_and_another_is_refused() {
    let with = |secret: &str| {
        let secret = Secret::new(secret);
        client("secret").auth(AuthRequest::Secret { client_id: fresh_id(), secret })
    };
    let accepted = connected(with("shared secret")).await;
    assert!(soon("an answer", accepted.call(page::WhoAmI)).await.is_ok());

    let mut refused = with("wrong secret").connect(hello());
    match report(&mut refused).await {
        ClientReport::IsDead(DeathReason::Refused(CloseReason::AuthenticationRefused(_))) => {}
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn missing_server_is_unreachable() {
    assert_unreachable("absent").await;
}

/// A browser does not tell its page whether a server lacks WebSockets or does not exist.
#[wasm_bindgen_test]
async fn server_without_websockets_is_unreachable() {
    assert_unreachable("http").await;
}

#[wasm_bindgen_test]
async fn server_with_text_messages_ends_the_attempt() {
    match last_error("text").await {
        ConnectError::Handshake(error) => assert!(error.to_string().contains("text"), "{error}"),
        other => panic!("{other:?}"),
    }
}

/// The size of a message is checked before the message is copied into the memory of the program.
#[wasm_bindgen_test]
async fn server_with_oversized_messages_ends_the_attempt() {
    match last_error("large").await {
        ConnectError::Handshake(error) => assert!(error.to_string().contains("too big"), "{error}"),
        other => panic!("{other:?}"),
    }
}

async fn assert_unreachable(server_name: &str) {
    let error = last_error(server_name).await;
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
    let (text, address) = (error.to_string(), server(server_name).authority().to_owned());
    assert!(text.contains(&address), "{text}");
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    assert!(cause.contains("the browser hides the cause"), "{cause}");
}

async fn last_error(server_name: &str) -> ConnectError {
    let config = ClientConfig { max_initial_connect_attempts: Some(2), ..Default::default() };
    let mut client = simplenet_web_tests::client_with(server_name, config).connect(hello());
    match report(&mut client).await {
        ClientReport::IsDead(DeathReason::GaveUp { attempts: 2, last }) => last,
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn url_with_another_scheme_creates_a_dead_client() {
    let url = "https://example.org";
    let mut client = page::Client::builder(url).connect(hello());
    match report(&mut client).await {
        ClientReport::IsDead(DeathReason::Settings(reason)) => {
            assert!(reason.contains("https"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}
