//! A server and two clients that receive events in loops and talk over a socket of this machine.
//!
//! The example shows requests and their responses, broadcasts, and the close of a session. Each
//! client posts a line, receives the lines of both, and closes its session. The server then ends.
//!
//! ```sh
//! cargo run -p simplenet --example events
//! ```

use std::{collections::HashMap, error::Error};

use chat::{
    ClientEvent, Hello, IncomingRequest, Posted, Ready, Said, Say, ServerEvent, ServerMsg,
    ServerResponse,
};
use simplenet::{ClientReport, CloseReason, DeathReason, ServerReport, Url};

/// The error of either side.
type BoxError = Box<dyn Error + Send + Sync>;

/// The number of clients that the server waits for.
const CLIENTS: usize = 2;

#[simplenet::channel]
mod chat {
    /// The first message of a client, which the server receives with `Connected`.
    #[connect]
    pub struct Hello {
        pub name: String,
    }
    /// A request to post a line.
    #[request(Said)]
    pub struct Say {
        pub text: String,
    }
    /// The response, with the number of the line.
    pub struct Said {
        pub number: u64,
    }
    /// Sent to all clients when all are connected.
    #[server_message]
    pub struct Ready;
    /// Sent to all clients for each line.
    #[server_message]
    pub struct Posted {
        pub from: String,
        pub text: String,
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // For port 0, the operating system chooses a free port, which is part of the URL.
    let server = chat::Server::builder().bind("127.0.0.1:0")?;
    let url = server.url();
    let serving = tokio::spawn(serve(server));

    let (ada, ben) = tokio::try_join!(converse(url.clone(), "Ada"), converse(url, "Ben"))?;
    assert_eq!(ada, ben, "a broadcast differs");
    println!("both clients received {ada:?}");
    serving.await?
}

/// Handles the events of the clients until all have disconnected.
async fn serve(mut server: chat::Server) -> Result<(), BoxError> {
    let mut names = HashMap::new();
    let mut lines = 0;
    while let Some((client, event)) = server.recv().await {
        match event {
            ServerEvent::Report(ServerReport::Connected(_, hello)) => {
                println!("server: {} connected", hello.name);
                names.insert(client, hello.name);
                if names.len() == CLIENTS {
                    server.broadcast(Ready);
                }
            }
            ServerEvent::Request(IncomingRequest::Say(say, token)) => {
                lines += 1;
                let from = names.get(&client).cloned().ok_or("a request precedes `Connected`")?;
                server.broadcast(Posted { from, text: say.text });
                // The token accepts only the response of its request. Dropping the token rejects
                // the request.
                token.respond(Said { number: lines });
            }
            ServerEvent::Report(ServerReport::Disconnected(CloseReason::ClosedByClient)) => {
                names.remove(&client);
                if names.is_empty() {
                    return Ok(());
                }
            }
            other => return Err(format!("unexpected event of the server: {other:?}").into()),
        }
    }
    Err("the server was shut down".into())
}

/// Posts a line, and returns all lines that the client has received.
async fn converse(url: Url, name: &str) -> Result<Vec<String>, BoxError> {
    // The client connects in the background.
    let mut client = chat::Client::builder(url).connect(Hello { name: name.into() });
    let mut lines = Vec::new();
    let mut responded = false;
    while let Some(event) = client.recv().await {
        match event {
            ClientEvent::Report(ClientReport::Connected | ClientReport::ClosedBySelf) => {}
            ClientEvent::Msg(ServerMsg::Ready(Ready)) => {
                client.request(Say { text: format!("hello from {name}") });
            }
            ClientEvent::Msg(ServerMsg::Posted(posted)) => {
                lines.push(format!("{}: {}", posted.from, posted.text));
            }
            ClientEvent::Response(ServerResponse::Say(said), _) => {
                println!("{name}: the server responded with number {}", said.number);
                responded = true;
            }
            ClientEvent::Report(ClientReport::IsDead(DeathReason::ClosedBySelf)) => break,
            other => return Err(format!("unexpected event of {name}: {other:?}").into()),
        }
        if responded && lines.len() == CLIENTS {
            // The last events are `ClosedBySelf` and `IsDead`.
            client.close();
        }
    }
    Ok(lines)
}
