//! A server or a client in a separate process. The tests kill or stop it, or limit its file
//! descriptors.
//!
//! `peer server ADDRESS` prints its URL, then a line with client id and room for each processed
//! `Say`. `peer client URL ID` prints a line for each `Connected`.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its line")]

use simplenet::{AuthRequest, ClientConfig, ClientReport};
use simplenet_tests::chat;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", address] => serve(address).await,
        ["client", url, id] => connect(url, id).await,
        other => eprintln!("expected `server ADDRESS` or `client URL ID`, got {other:?}"),
    }
}

async fn serve(address: &str) {
    let mut server = chat::Server::builder().bind(address).expect("an address to listen on");
    println!("{}", server.url());
    while let Some((id, event)) = server.recv().await {
        if let chat::ServerEvent::Request(chat::IncomingRequest::Say(say, token)) = event {
            println!("{} {}", id.get(), say.room.0);
            token.ack();
        }
    }
}

async fn connect(url: &str, id: &str) {
    let mut client = chat::Client::builder(url)
        .auth(AuthRequest::None { client_id: id.parse::<u128>().expect("an id").into() })
        .config(ClientConfig { inbox_events: 1, ..Default::default() })
        .connect(chat::Hello { name: "a process".into() });
    while let Some(event) = client.recv().await {
        if let chat::ClientEvent::Report(ClientReport::Connected) = event {
            println!("connected");
        }
    }
}
