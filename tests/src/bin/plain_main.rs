//! Programs without async code, which end right after their last message.
//!
//! `plain_main client URL` sends the messages to a server. `plain_main server` prints its URL, and
//! sends the messages to its first client.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its line")]

use std::{thread, time::Duration};

use simplenet::{ClientReport, ServerReport};
use simplenet_tests::chat;

/// The number of messages.
const MESSAGES: usize = 500;

/// The limit of the end.
const LIMIT: Duration = Duration::from_secs(20);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["client", url] => send(url),
        ["server"] => serve(),
        other => eprintln!("expected `client URL` or `server`, got {other:?}"),
    }
}

fn send(url: &str) {
    let mut client =
        chat::Client::builder(url).connect(chat::Hello { name: "a plain program".into() });
    loop {
        match client.next() {
            Some(chat::ClientEvent::Report(ClientReport::Connected)) => break,
            _ => thread::yield_now(),
        }
    }
    for _ in 0..MESSAGES {
        client.send(chat::Typing);
    }
    println!("{}", client.close_blocking(LIMIT).expect("the end of the client"));
}

fn serve() {
    let mut server = chat::Server::builder().bind("127.0.0.1:0").expect("a free port");
    println!("{}", server.url());
    let client = loop {
        match server.next() {
            Some((id, chat::ServerEvent::Report(ServerReport::Connected(..)))) => break id,
            _ => thread::yield_now(),
        }
    };
    for number in 0..MESSAGES {
        server.send(client, chat::Left(chat::RoomId(1), number.to_string()));
    }
    println!("{:?}", server.shutdown_blocking(LIMIT));
}
