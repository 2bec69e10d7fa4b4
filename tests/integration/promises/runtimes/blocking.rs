//! The blocking ends of programs without async code.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use simplenet::{ClientReport, CloseReason, DeathReason, ServerReport};
use simplenet_tests::{
    chat,
    harness::{accept, client, client_event, hello, server, server_event, soon},
    raw::RawServer,
};

/// The number of messages that each program sends.
const MESSAGES: usize = 500;

fn plain_main(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plain_main"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_client_arrive_when_its_plain_main_ends() {
    let mut server = server();
    for _ in 0..5 {
        let mut program = plain_main(&["client", server.url().as_str()]);
        accept(&mut server).await;
        let mut messages = 0;
        let end = loop {
            match server_event(&mut server).await.1 {
                chat::ServerEvent::Msg(chat::ClientMsg::Typing(_)) => messages += 1,
                chat::ServerEvent::Report(ServerReport::Disconnected(reason)) => break reason,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((messages, end), (MESSAGES, CloseReason::ClosedByClient));
        assert!(program.wait().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_server_arrive_when_its_plain_main_ends() {
    for _ in 0..5 {
        let mut program = plain_main(&["server"]);
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let url = lines.next().unwrap().unwrap();
        let mut client = client(url, 1).connect(hello());
        let mut messages = 0;
        loop {
            match client_event(&mut client).await {
                chat::ClientEvent::Msg(_) => messages += 1,
                chat::ClientEvent::Report(ClientReport::Connected) => {}
                chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => {
                    assert!(matches!(reason, CloseReason::Draining { .. }), "{reason:?}");
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(messages, MESSAGES);
        assert_eq!(lines.next().unwrap().unwrap(), "ShutdownReport { flushed: 1, cut: 0 }");
        assert!(program.wait().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_close_of_a_dead_client_returns_its_reason() {
    let url = "ftp://127.0.0.1";
    let client = client(url, 1).connect(hello());
    match client.close_blocking(Duration::ZERO) {
        Ok(DeathReason::Settings(_)) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_close_ends_at_its_limit() {
    // The server never closes its end.
    let listener = RawServer::bind().await;
    let client = client(listener.url(), 1).connect(hello());
    let _session = listener.welcomed().await;
    soon("the welcome", client.ready()).await.unwrap();
    let limit = Duration::from_millis(50);
    let error = client.close_blocking(limit).unwrap_err().to_string();
    assert_eq!(error, "still closing after 50ms: the server may not have received all messages");
}
