//! Helpers that start servers and clients, and wait for events with a deadline.

use std::{future::Future, net::TcpListener, time::Duration};

use simplenet::{
    AuthRequest, ClientId, ClientReport, CloseReason, Peer, ServerConfig, ServerReport,
};

use crate::chat;

/// The deadline of every wait, long enough for a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Returns the output of the future. Panics after [`DEADLINE`].
pub async fn soon<F: Future>(description: &str, future: F) -> F::Output {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(output) => output,
        Err(_) => panic!("not within {DEADLINE:?}: {description}"),
    }
}

/// Starts a server on a free port.
pub fn server() -> chat::Server {
    server_with(ServerConfig::default())
}

/// Starts a server on a free port with this configuration.
pub fn server_with(config: ServerConfig) -> chat::Server {
    chat::Server::builder().config(config).bind("127.0.0.1:0").expect("a free port")
}

/// Returns the builder of a client with this id.
pub fn client(url: impl AsRef<str>, id: u128) -> simplenet::ClientBuilder<chat::Chat> {
    chat::Client::builder(url).auth(AuthRequest::None { client_id: ClientId::new(id) })
}

/// Returns a URL at which no server listens.
pub fn unused_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    format!("ws://{address}")
}

/// Returns the connect message of the test clients.
pub fn hello() -> chat::Hello {
    chat::Hello { name: "ann".into() }
}

/// Receives the next event of the server.
pub async fn server_event(server: &mut chat::Server) -> (ClientId, chat::ServerEvent) {
    soon("an event of the server", server.recv()).await.expect("the server continues")
}

/// Receives the next event of the client, except the reports of waits between attempts to connect.
pub async fn client_event(client: &mut chat::Client) -> chat::ClientEvent {
    loop {
        let event = soon("an event of the client", client.recv()).await;
        match event.expect("the client continues") {
            chat::ClientEvent::Report(ClientReport::Retrying { .. }) => {}
            event => return event,
        }
    }
}

/// Receives the server's next event, which must be the `Connected` of a client.
pub async fn accept(server: &mut chat::Server) -> (ClientId, Peer) {
    match server_event(server).await {
        (id, chat::ServerEvent::Report(ServerReport::Connected(peer, _))) => (id, peer),
        other => panic!("expected Connected, got {other:?}"),
    }
}

/// Receives the server's next event, which must be the `Disconnected` of a client.
pub async fn ended(server: &mut chat::Server) -> (ClientId, CloseReason) {
    match server_event(server).await {
        (id, chat::ServerEvent::Report(ServerReport::Disconnected(reason))) => (id, reason),
        other => panic!("expected Disconnected, got {other:?}"),
    }
}

/// Receives the client's next event, which must be `Connected`.
pub async fn connected(client: &mut chat::Client) {
    match client_event(client).await {
        chat::ClientEvent::Report(ClientReport::Connected) => {}
        other => panic!("expected Connected, got {other:?}"),
    }
}

/// Connects a client with this id. Returns when both sides can send.
pub async fn pair(server: &mut chat::Server, id: u128) -> chat::Client {
    let mut client = client(server.url(), id).connect(hello());
    connect_both(server, &mut client).await;
    client
}

/// Receives the `Connected` of both sides, and returns the server's description of the client.
pub async fn connect_both(server: &mut chat::Server, client: &mut chat::Client) -> Peer {
    let (id, peer) = accept(server).await;
    assert_eq!(id, client.id());
    connected(client).await;
    peer
}

/// Sends a request, answers it, and receives the answer.
pub async fn round_trip(server: &mut chat::Server, client: &chat::Client) {
    let call = client.call(chat::Say { room: chat::RoomId(1), text: "hello".into() });
    match server_event(server).await {
        (id, chat::ServerEvent::Request(chat::IncomingRequest::Say(_, token))) => {
            assert_eq!(id, client.id());
            token.respond(chat::Said { seq: 1 });
        }
        other => panic!("expected a request, got {other:?}"),
    }
    assert_eq!(soon("the answer", call).await.expect("an answer"), chat::Said { seq: 1 });
}
