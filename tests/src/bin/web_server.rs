//! The servers of the browser tests. The first line of output contains their names and URLs. The
//! program ends when its input ends.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its line")]

use std::{collections::HashMap, time::Duration};

use futures_util::{SinkExt, StreamExt};
use simplenet::{
    AuthSigningKey, AuthTokenBuilder, Authenticator, ClientId, CloseReason, DuplicateId, EnvType,
    RateExcess, RateLimitConfig, Secret, ServerBuilder, ServerConfig, ServerReport, TokenVerifier,
    Url, generate_auth_token_keys,
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
    let secret = Authenticator::Secret(Secret::new("shared secret"));
    let with_secret = bind(builder().authenticator(secret), "127.0.0.1:0");
    let (signing, verifying) = generate_auth_token_keys().expect("random bytes");
    // The tests wait for expiries, so no clock skew delays them.
    let verifier = TokenVerifier::new([verifying]).clock_skew(Duration::ZERO);
    let with_tokens = bind(builder().authenticator(Authenticator::Token(verifier)), "127.0.0.1:0");
    let full = bind(builder().config(full_for_an_hour()), "127.0.0.1:0");
    let taking_over = bind(builder().config(taking_over()), "127.0.0.1:0");
    let slow = bind(builder().config(one_message_per_second()), "127.0.0.1:0");
    let proxy = Proxy::start(&open.url()).await;
    let absent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let http = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let text = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let large = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!(
        "open={} secret={} token={} full={} takeover={} slow={} proxied={} absent={} http={} text={} large={}",
        open.url(),
        with_secret.url(),
        with_tokens.url(),
        full.url(),
        taking_over.url(),
        slow.url(),
        proxy.url(),
        url(&absent),
        url(&http),
        url(&text),
        url(&large),
    );
    drop(absent);
    tokio::spawn(answer_not_found(http));
    tokio::spawn(answer_with(Message::text("text"), text));
    tokio::spawn(answer_with(Message::binary(vec![0x41; 2 * 1024 * 1024]), large));
    for server in [with_secret, with_tokens, full, taking_over, slow] {
        let mut service = TestService::new(signing.clone());
        tokio::spawn(async move { service.serve(server, None).await });
    }
    tokio::spawn(serve_with_restarts(open, proxy, TestService::new(signing)));
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

fn full_for_an_hour() -> ServerConfig {
    let retry_after = Some(Duration::from_secs(3600));
    ServerConfig { max_connections: 0, retry_after, ..Default::default() }
}

fn taking_over() -> ServerConfig {
    ServerConfig { duplicate_id: DuplicateId::TakeOver, ..Default::default() }
}

fn one_message_per_second() -> ServerConfig {
    let rate = RateLimitConfig { per_second: 1, burst: 2, on_excess: RateExcess::Throttle };
    ServerConfig { rate_limit_config: Some(rate), ..Default::default() }
}

fn url(listener: &TcpListener) -> Url {
    let address = listener.local_addr().expect("a bound listener");
    Url::parse(&format!("ws://{address}/")).expect("a URL")
}

/// Runs a web server without WebSockets.
async fn answer_not_found(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let response = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(response.as_bytes()).await;
    }
}

/// Runs a WebSocket server that sends this message to each client.
async fn answer_with(message: Message, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let message = message.clone();
        tokio::spawn(async move {
            let mut socket = accept_hdr_async(stream, select_subprotocol).await.expect("a browser");
            let _ = socket.send(message).await;
            // Keep the connection until the client disconnects.
            socket.for_each(|_| std::future::ready(())).await;
        });
    }
}

#[expect(clippy::result_large_err, reason = "the signature is the library's")]
fn select_subprotocol(_: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let protocol = HeaderValue::from_static("simplenet");
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    Ok(response)
}

/// Serves clients. When a page requests a restart, restarts the server at the same address.
async fn serve_with_restarts(mut server: page::Server, proxy: Proxy, mut service: TestService) {
    loop {
        let address = server.url().authority().to_owned();
        service.serve(server, Some(&proxy)).await;
        server = bind(builder(), &address);
    }
}

/// The application of the servers.
struct TestService {
    signing: AuthSigningKey,
    connected: HashMap<ClientId, (String, EnvType)>,
    records: HashMap<ClientId, page::ClientRecord>,
    ignored: Vec<page::RequestToken<page::Ask>>,
}

impl TestService {
    fn new(signing: AuthSigningKey) -> Self {
        Self { signing, connected: HashMap::new(), records: HashMap::new(), ignored: Vec::new() }
    }

    /// Serves until a page requests a restart.
    async fn serve(&mut self, mut server: page::Server, proxy: Option<&Proxy>) {
        while let Some((client, event)) = server.recv().await {
            match event {
                page::ServerEvent::Report(report) => self.report(client, report),
                page::ServerEvent::Msg(page::ClientMsg::Note(page::Note { number })) => {
                    self.record(client).notes += 1;
                    server.send(client, page::NoteReceived { number });
                }
                page::ServerEvent::Msg(page::ClientMsg::Filler(_)) => {}
                page::ServerEvent::Msg(page::ClientMsg::Command(command)) => match (command, proxy)
                {
                    (page::Command::Restart, Some(_)) => break,
                    (page::Command::Freeze, Some(proxy)) => proxy.freeze(Direction::ToClient),
                    (page::Command::Unfreeze, Some(proxy)) => {
                        proxy.unfreeze(Direction::ToClient);
                        proxy.unfreeze(Direction::ToServer);
                    }
                    (page::Command::FreezeAndKick { text }, Some(proxy)) => {
                        proxy.freeze(Direction::ToServer);
                        server.disconnect(client, CloseReason::kicked(text));
                    }
                    (command, _) => execute(&server, client, command),
                },
                page::ServerEvent::Request(request) => self.answer(&server, client, request),
            }
        }
        server.shutdown(Duration::from_secs(1)).await;
    }

    fn record(&mut self, client: ClientId) -> &mut page::ClientRecord {
        self.records.entry(client).or_insert(page::ClientRecord { notes: 0, ended: None })
    }

    fn report(&mut self, client: ClientId, report: ServerReport<page::Hello>) {
        match report {
            ServerReport::Connected(peer, hello) => {
                self.record(client).ended = None;
                self.connected.insert(client, (hello.name, peer.env));
            }
            ServerReport::Disconnected(reason) => {
                self.record(client).ended = Some(reason.to_string());
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
            page::IncomingRequest::Ask(page::Ask::Ignore, token) => self.ignored.push(token),
            page::IncomingRequest::WhoAmI(_, token) => {
                let (name, env) = self.connected.get(&client).expect("a client that has connected");
                let (name, web) = (name.clone(), *env == EnvType::Web);
                server.respond(token, page::ClientInfo { client: client.get(), name, web });
            }
            page::IncomingRequest::LogIn(login, token) => {
                let lifetime = Duration::from_secs(login.seconds.into());
                let token_builder = AuthTokenBuilder::new(login.client).lifetime(lifetime);
                let issued =
                    token_builder.sign(&self.signing).expect("a token below the size limit");
                server.respond(token, page::IssuedToken { token: issued.to_string() });
            }
            page::IncomingRequest::GetRecord(request, token) => {
                let record = self.record(request.client.into()).clone();
                server.respond(token, record);
            }
        }
    }
}

/// Executes a command that needs no proxy.
fn execute(server: &page::Server, client: ClientId, command: page::Command) {
    match command {
        page::Command::Close { code, text } => {
            server.disconnect(client, CloseReason::Application { code, text });
        }
        page::Command::Kick { text } => drop(server.disconnect(client, CloseReason::kicked(text))),
        page::Command::Flood { messages, size } => {
            let bytes = simplenet::Bytes::from(vec![7; size as usize]);
            for _ in 0..messages {
                server.send(client, page::Filler { bytes: bytes.clone() });
            }
        }
        page::Command::Restart
        | page::Command::Freeze
        | page::Command::Unfreeze
        | page::Command::FreezeAndKick { .. } => {}
    }
}
