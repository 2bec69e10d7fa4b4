//! A server behind a route of an axum application, beside a page and a health check.

mod limits;
mod shutdown;
mod tls;
mod upgrade;

use std::net::SocketAddr;

use axum::{Router, routing::get};
use simplenet::{ClientId, ServerConfig, Url};
use simplenet_tests::{
    chat,
    harness::{self, accept, connected, hello, server_event, soon},
    raw::RawPeer,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// An application that serves a page, a health check and the chat on one port.
struct App {
    server: chat::Server,
    /// The URL of the chat.
    url: Url,
    serving: JoinHandle<()>,
}

impl App {
    async fn new() -> Self {
        Self::with(ServerConfig::default()).await
    }

    async fn with(config: ServerConfig) -> Self {
        let (server, router) = parts(config);
        let (listener, url) = listen().await;
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { server, url, serving }
    }

    /// Connects a client with this id. Returns when both sides can send.
    async fn pair(&mut self, id: u128) -> chat::Client {
        let mut client = harness::client(self.url.clone(), id).connect(hello());
        assert_eq!(accept(&mut self.server).await.0, ClientId::new(id));
        connected(&mut client).await;
        client
    }

    /// Asserts that the server answers a request of the client and receives no other event.
    async fn assert_serves(&mut self, client: &chat::Client) {
        let call = client.call(chat::Say { room: chat::RoomId(1), text: "hi".into() });
        match server_event(&mut self.server).await {
            (id, chat::ServerEvent::Request(chat::IncomingRequest::Say(say, token))) => {
                assert_eq!((id, say.text.as_str()), (client.id(), "hi"));
                token.respond(chat::Said { seq: 7 });
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(soon("the answer", call).await.unwrap(), chat::Said { seq: 7 });
    }

    /// Returns the application's response to a GET.
    async fn get(&self, path: &str) -> String {
        let mut peer = RawPeer::dial(&self.url).await;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        peer.write(request.as_bytes()).await;
        String::from_utf8(peer.end().await).unwrap()
    }

    /// Asserts that the page and the health check respond.
    async fn assert_page_and_health(&self) {
        let page = self.get("/").await;
        assert!(page.starts_with("HTTP/1.1 200 ") && page.ends_with("\r\n\r\nthe page"), "{page}");
        assert!(self.get("/health").await.ends_with("\r\n\r\nhealthy"));
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Creates the server of the chat, and the router with the page, the health check and the chat.
fn parts(config: ServerConfig) -> (chat::Server, Router) {
    let (server, route) = chat::Server::builder().config(config).bind_axum().unwrap();
    let router = Router::new()
        .route("/", get("the page"))
        .route("/health", get("healthy"))
        .route("/chat", route);
    (server, router)
}

/// Binds a free port, and returns the URL of a chat at that port.
async fn listen() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, format!("ws://{address}/chat").parse().unwrap())
}

#[tokio::test]
async fn page_health_check_and_channel_share_a_port() {
    let mut app = App::new().await;
    app.assert_page_and_health().await;
    let mut client = app.pair(1).await;
    app.assert_serves(&client).await;

    let text = "x".repeat(300_000);
    let posted = chat::Posted { room: chat::RoomId(1), from: "server".into(), text };
    assert!(app.server.send(1, posted.clone()).is_queued());
    match harness::client_event(&mut client).await {
        chat::ClientEvent::Msg(chat::ServerMsg::Posted(received)) => assert_eq!(received, posted),
        other => panic!("{other:?}"),
    }
    assert_eq!(app.server.peer(1).unwrap().address.unwrap().ip().to_string(), "127.0.0.1");
    app.assert_page_and_health().await;
    assert_eq!(app.server.url().as_str(), "axum:", "the server behind a route has an address");
}

#[tokio::test]
async fn peer_address_is_unknown_without_connect_info() {
    let (server, router) = parts(ServerConfig::default());
    let (listener, url) = listen().await;
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut app = App { server, url, serving };
    let client = app.pair(1).await;
    app.assert_serves(&client).await;
    assert_eq!(app.server.peer(1).unwrap().address, None);
}
