//! The texts of attempts that reach `connect_timeout`, for each step.

use std::{future::pending, io, net::SocketAddr, time::Duration};

use simplenet::{
    AuthProvider, AuthRequest, ClientConfig, ConnectError, ConnectStep, DeathReason, net::Dial,
};
use simplenet_tests::{
    chat,
    harness::{client, hello, soon},
    raw::RawServer,
};
use tokio::net::TcpStream;

use super::{failure_with, racing::unresponsive_listener, scripted::scripted, text_of};

/// A resolver without an answer.
struct NoAnswer;

impl Dial for NoAnswer {
    type Stream = TcpStream;

    async fn look_up(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        pending().await
    }

    async fn open(&self, _: SocketAddr) -> io::Result<TcpStream> {
        pending().await
    }
}

fn config() -> ClientConfig {
    ClientConfig {
        connect_timeout: Duration::from_millis(300),
        max_initial_connect_attempts: Some(1),
        ..ClientConfig::default()
    }
}

#[tokio::test]
async fn timeout_names_the_step_that_it_reached() {
    let silent = scripted(|mut peer| async move { drop(peer.end().await) }).await;
    let upgraded = scripted(|mut peer| async move {
        let head = peer.http_head().await;
        peer.write(RawServer::upgrade_response(&head).as_bytes()).await;
        peer.end().await;
    })
    .await;
    let unresponsive = unresponsive_listener().await;
    let provider = AuthProvider::new(pending);
    let token =
        chat::Client::builder("ws://127.0.0.1:9").auth(AuthRequest::provider(1_u128, provider));

    let mut errors = vec![
        (ConnectStep::Token, failure_with(token, config()).await),
        (ConnectStep::Lookup, {
            let client = client("ws://example.org", 1).config(config());
            match soon("the end", client.connect_with(NoAnswer, hello()).dead()).await {
                DeathReason::GaveUp { last, .. } => last,
                other => panic!("{other:?}"),
            }
        }),
    ];
    for (step, url) in [
        (ConnectStep::Tcp, format!("ws://{}", unresponsive.address)),
        (ConnectStep::Tls, silent.replacen("ws", "wss", 1)),
        (ConnectStep::Upgrade, silent),
        (ConnectStep::Welcome, upgraded),
    ] {
        errors.push((step, failure_with(client(url, 1), config()).await));
    }
    for ((step, error), expected) in errors.iter().zip([
        "the AuthProvider returned no token",
        "the name lookup of the host did not end",
        "no answer from the address of the server",
        "connected, but the server did not complete the TLS handshake",
        "connected, but the server did not answer the upgrade",
        "connected and upgraded, but the server did not accept the client",
    ]) {
        let text = text_of(error);
        println!("{step:?}: {text}");
        assert!(
            matches!(error, ConnectError::Timeout { step: reached, .. } if reached == step),
            "{error:?}"
        );
        let beginning = format!("{expected} within `connect_timeout` (300ms)");
        assert!(text.starts_with(&beginning), "{text}");
    }
}
