//! The servers of the browser tests. The first line of output contains their names and URLs. The
//! program ends at the end of its input.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its place")]

use std::{collections::HashMap, time::Duration};

use futures_util::{SinkExt, StreamExt};
use simplenet::{
    AuthSigningKey, AuthTokenBuilder, Authenticator, ClientId, CloseReason, EnvType, RateExcess,
    RateLimitConfig, Secret, ServerBuilder, ServerConfig, ServerReport, TokenVerifier, Url,
    generate_auth_token_keys,
};
use simplenet_tests::{
    page,
    proxy::{Direction, Proxy},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderValue, header::SEC_WEBSOCKET_PROTOCOL},
    },
};

#[tokio::main]
async fn main() {
    let open = bind(builder(), "127.0.0.1:0");
    let secret = Authenticator::Secret(Secret::new("open sesame"));
    let guarded = bind(builder().authenticator(secret), "127.0.0.1:0");
    let (signing, verifying) = generate_auth_token_keys().expect("random bytes");
    // Rounded to the second, because the expiry of a token is in seconds.
    let verifier = TokenVerifier::new([verifying]).clock_skew(Duration::ZERO);
    let members = bind(builder().authenticator(Authenticator::Token(verifier)), "127.0.0.1:0");
    let full = bind(builder().config(no_place_for_an_hour()), "127.0.0.1:0");
    let slow = bind(builder().config(one_message_a_second()), "127.0.0.1:0");
    let proxy = Proxy::start(&open.url()).await;
    let absent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let http = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let talkative = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!(
        "open={} guarded={} members={} full={} slow={} proxied={} absent={} http={} talkative={}",
        open.url(),
        guarded.url(),
        members.url(),
        full.url(),
        slow.url(),
        proxy.url(),
        url(&absent),
        url(&http),
        url(&talkative),
    );
    drop(absent);
    tokio::spawn(answer_not_found(http));
    tokio::spawn(talk(talkative));
    for server in [guarded, members, full, slow] {
        let mut desk = Desk::new(signing.clone());
        tokio::spawn(async move { desk.serve(server, None).await });
    }
    tokio::spawn(keep_open(open, proxy, Desk::new(signing)));
    tokio::task::block_in_place(|| std::io::stdin().lines().for_each(drop));
}

fn builder() -> ServerBuilder<page::Page> {
    let config = ServerConfig {
        max_msg_size: 4 * 1024 * 1024,
        outbox_bytes: 64 * 1024 * 1024,
        ..Default::default()
    };
    page::Server::builder().config(config)
}

fn bind(builder: ServerBuilder<page::Page>, address: &str) -> page::Server {
    builder.bind(address).expect("a free port")
}

fn no_place_for_an_hour() -> ServerConfig {
    let retry_after = Some(Duration::from_secs(3600));
    ServerConfig { max_connections: 0, retry_after, ..Default::default() }
}

fn one_message_a_second() -> ServerConfig {
    let rate = RateLimitConfig { per_second: 1, burst: 2, on_excess: RateExcess::Throttle };
    ServerConfig { rate_limit_config: Some(rate), ..Default::default() }
}

fn url(listener: &TcpListener) -> Url {
    let address = listener.local_addr().expect("a bound listener");
    Url::parse(&format!("ws://{address}/")).expect("a URL")
}

/// A web server without WebSockets.
async fn answer_not_found(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let response = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(response.as_bytes()).await;
    }
}

/// A server that sends text messages.
async fn talk(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut socket = accept_hdr_async(stream, simplenet_too).await.expect("a browser");
            let _ = socket.send(Message::text("who are you?")).await;
            // Until the client disconnects.
            socket.for_each(|_| std::future::ready(())).await;
        });
    }
}

#[expect(clippy::result_large_err, reason = "the signature is the library's")]
fn simplenet_too(_: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let protocol = HeaderValue::from_static("simplenet");
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    Ok(response)
}

/// Redirects connections from one server to another.
async fn keep_open(mut server: page::Server, proxy: Proxy, mut desk: Desk) {
    loop {
        let address = server.url().authority().to_owned();
        desk.serve(server, Some(&proxy)).await;
        server = bind(builder(), &address);
    }
}

/// Serves the pages, and keeps their clients.
struct Desk {
    signing: AuthSigningKey,
    names: HashMap<ClientId, (String, EnvType)>,
    remembered: HashMap<ClientId, page::Recalled>,
    unanswered: Vec<page::RequestToken<page::Ask>>,
}

impl Desk {
    fn new(signing: AuthSigningKey) -> Self {
        Self { signing, names: HashMap::new(), remembered: HashMap::new(), unanswered: Vec::new() }
    }

    /// Serves until a page requests the replacement of the server.
    async fn serve(&mut self, mut server: page::Server, proxy: Option<&Proxy>) {
        while let Some((client, event)) = server.recv().await {
            match event {
                page::ServerEvent::Report(report) => self.note(client, report),
                page::ServerEvent::Msg(page::ClientMsg::Note(page::Note { number })) => {
                    self.remembered(client).notes += 1;
                    server.send(client, page::Noted { number });
                }
                page::ServerEvent::Msg(page::ClientMsg::Order(order)) => match (order, proxy) {
                    (page::Order::Restart, Some(_)) => break,
                    (page::Order::Freeze, Some(proxy)) => proxy.freeze(Direction::ToClient),
                    (page::Order::Thaw, Some(proxy)) => {
                        proxy.unfreeze(Direction::ToClient);
                        proxy.unfreeze(Direction::ToServer);
                    }
                    (page::Order::Dismiss { text }, Some(proxy)) => {
                        proxy.freeze(Direction::ToServer);
                        server.disconnect(client, CloseReason::kicked(text));
                    }
                    (order, _) => obey(&server, client, order),
                },
                page::ServerEvent::Request(request) => self.answer(&server, client, request),
            }
        }
        server.shutdown(Duration::from_secs(1)).await;
    }

    fn remembered(&mut self, client: ClientId) -> &mut page::Recalled {
        self.remembered.entry(client).or_insert(page::Recalled { notes: 0, ended: None })
    }

    fn note(&mut self, client: ClientId, report: ServerReport<page::Hello>) {
        match report {
            ServerReport::Connected(peer, hello) => {
                self.remembered(client).ended = None;
                self.names.insert(client, (hello.name, peer.env));
            }
            ServerReport::Disconnected(reason) => {
                self.remembered(client).ended = Some(reason.to_string());
            }
        }
    }

    fn answer(&mut self, server: &page::Server, client: ClientId, request: page::IncomingRequest) {
        match request {
            page::IncomingRequest::Echo(echo, token) => {
                server.respond(token, page::Echoed { bytes: echo.bytes });
            }
            page::IncomingRequest::Ask(page::Ask::Acknowledge, token) => drop(server.ack(token)),
            page::IncomingRequest::Ask(page::Ask::Reject, token) => drop(server.reject(token)),
            page::IncomingRequest::Ask(page::Ask::Nothing, token) => self.unanswered.push(token),
            page::IncomingRequest::WhoAmI(_, token) => {
                let (name, env) = self.names.get(&client).expect("a client that has connected");
                let (name, web) = (name.clone(), *env == EnvType::Web);
                server.respond(token, page::You { client: client.get(), name, web });
            }
            page::IncomingRequest::LogIn(login, token) => {
                let lifetime = Duration::from_secs(login.seconds.into());
                let pass = AuthTokenBuilder::new(login.client).lifetime(lifetime);
                let pass = pass.sign(&self.signing).expect("a token below the size limit");
                server.respond(token, page::Pass { token: pass.to_string() });
            }
            page::IncomingRequest::Recall(recall, token) => {
                let remembered = self.remembered(recall.client.into()).clone();
                server.respond(token, remembered);
            }
        }
    }
}

fn obey(server: &page::Server, client: ClientId, order: page::Order) {
    match order {
        page::Order::Close { code, text } => {
            server.disconnect(client, CloseReason::Application { code, text });
        }
        page::Order::Kick { text } => drop(server.disconnect(client, CloseReason::kicked(text))),
        page::Order::Flood { messages, size } => {
            let bytes = simplenet::Bytes::from(vec![7; size as usize]);
            for _ in 0..messages {
                server.send(client, page::Filler { bytes: bytes.clone() });
            }
        }
        page::Order::Restart
        | page::Order::Freeze
        | page::Order::Thaw
        | page::Order::Dismiss { .. } => {}
    }
}
