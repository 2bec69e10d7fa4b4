//! Addresses and URLs over real sockets, and the errors of clients that cannot connect.

mod connect_errors;
mod listening;
mod racing;
mod redirects;
mod scripted;
mod timeouts;
mod tls_errors;

use simplenet::{ClientBuilder, ClientConfig, ConnectError, DeathReason};
use simplenet_tests::{
    chat,
    harness::{hello, soon},
};

/// Returns the error of a client's only attempt.
async fn only_failure(builder: ClientBuilder<chat::Chat>) -> ConnectError {
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    failure_with(builder, config).await
}

async fn failure_with(builder: ClientBuilder<chat::Chat>, config: ClientConfig) -> ConnectError {
    let client = builder.config(config).connect(hello());
    match soon("the end of the attempt", client.ready()).await {
        Err(DeathReason::GaveUp { attempts: 1, last }) => {
            assert!(!last.is_terminal(), "{last}");
            last
        }
        Err(DeathReason::CannotConnect(error)) => {
            assert!(error.is_terminal(), "{error}");
            error
        }
        Err(DeathReason::Refused(reason)) => ConnectError::Refused(reason),
        other => panic!("expected a failed attempt, got {other:?}"),
    }
}

/// Returns the text of an error and its sources. Asserts that it has no line breaks, and no names
/// of Rust's variants, which only the `Debug` output of a library contains.
fn text_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    assert!(!text.contains(char::is_control), "{text:?}");
    for debug in ["(Other", "Error(", "Error {", "httparse", "Some(", "kind:", "DnsName", "Kind"] {
        assert!(!text.contains(debug), "{text}");
    }
    text
}
