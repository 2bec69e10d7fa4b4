//! A greeting that is larger than its client takes: a message that the server sends while it
//! handles `Connected`. Without the client's limit, the client would end each of its sessions
//! because of the greeting.

use simplenet::{ClientConfig, ClientReport, Reply, SendOutcome, ServerReport};
use simplenet_tests::{
    harness::soon,
    raw::{Hello, RawPeer, Received},
};
use tokio::sync::mpsc;

#[simplenet::channel]
mod greeting {
    #[server_message]
    pub struct News(pub String);
    #[request(String)]
    pub struct Get {
        pub length: u32,
    }
}

use greeting::{ClientEvent, Get, IncomingRequest, News, ServerEvent, ServerMsg, Service};

/// The limit of the client, which is far below that of the server.
const LIMIT: usize = 1_000;

fn large() -> News {
    News("x".repeat(2 * LIMIT))
}

fn client(url: simplenet::Url) -> greeting::Client {
    let config = ClientConfig { max_msg_size: LIMIT, ..Default::default() };
    greeting::Client::builder(url).config(config).connect(())
}

/// Receives `Connected` and a small message, and makes two requests.
async fn session_lives_on(client: &mut greeting::Client) {
    let event = soon("Connected", client.recv()).await;
    assert!(matches!(event, Some(ClientEvent::Report(ClientReport::Connected))), "{event:?}");
    let event = soon("the news", client.recv()).await;
    assert!(
        matches!(&event, Some(ClientEvent::Msg(ServerMsg::News(news))) if news.0 == "small"),
        "{event:?}"
    );
    let too_large = client.request(Get { length: 2_000 });
    match soon("the rejection", client.recv()).await {
        Some(ClientEvent::Reject(id)) => assert_eq!(id, too_large.id()),
        other => panic!("{other:?}"),
    }
    client.request(Get { length: 2 });
    let event = soon("the response", client.recv()).await;
    assert!(matches!(event, Some(ClientEvent::Response(..))), "{event:?}");
}

#[tokio::test]
async fn greeting_that_is_too_large_does_not_end_the_session() {
    let mut server = greeting::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = client(server.url());
    let (id, event) = soon("a client", server.recv()).await.unwrap();
    assert!(matches!(event, ServerEvent::Report(ServerReport::Connected(..))));
    assert_eq!(server.send(id, large()), SendOutcome::TooLarge);
    let outcome = server.broadcast(large());
    assert_eq!((outcome.queued, outcome.too_large), (0, 1));
    assert!(server.send(id, News("small".into())).is_queued());
    let answering = tokio::spawn(async move {
        let mut outcomes = Vec::new();
        while let Some((_, event)) = server.recv().await {
            match event {
                ServerEvent::Request(IncomingRequest::Get(get, token)) => {
                    outcomes.push(token.respond("x".repeat(get.length as usize)));
                }
                _ => return outcomes,
            }
        }
        outcomes
    });
    session_lives_on(&mut client).await;
    client.close();
    let outcomes = soon("the end of the session", answering).await.unwrap();
    assert_eq!(outcomes, [SendOutcome::TooLarge, SendOutcome::Queued]);
}

/// Sends the same messages in its `connected` hook.
struct Greeter {
    outcomes: mpsc::UnboundedSender<(SendOutcome, SendOutcome)>,
}

impl Service for Greeter {
    async fn connected(&self, context: greeting::ServiceContext, (): ()) {
        let outcomes = (context.send(large()), context.send(News("small".into())));
        self.outcomes.send(outcomes).unwrap();
    }

    async fn get(&self, _: greeting::ServiceContext, get: Get) -> Reply<String> {
        Reply::Respond("x".repeat(get.length as usize))
    }
}

#[tokio::test]
async fn greeting_of_a_service_that_is_too_large_does_not_end_the_session() {
    let (sender, mut outcomes) = mpsc::unbounded_channel();
    let serving = greeting::Server::builder()
        .service(Greeter { outcomes: sender })
        .bind("127.0.0.1:0")
        .unwrap();
    let mut client = client(serving.url());
    let sent = soon("the hook", outcomes.recv()).await.unwrap();
    assert_eq!(sent, (SendOutcome::TooLarge, SendOutcome::Queued));
    session_lives_on(&mut client).await;
    assert!(outcomes.try_recv().is_err(), "the client had to connect again");
}

/// For a client of another implementation that does not tell its limit, the server's own limit
/// holds.
#[tokio::test]
async fn client_without_a_limit_is_sent_what_the_server_itself_accepts() {
    let mut server = greeting::Server::builder().bind("127.0.0.1:0").unwrap();
    let hello = Hello::new::<greeting::Greeting>(1, Vec::new());
    let mut peer = RawPeer::welcomed(&server.url(), &hello).await;
    let (id, _) = soon("a client", server.recv()).await.unwrap();
    assert!(server.send(id, large()).is_queued());
    match peer.receive().await {
        Received::Frame(frame) => assert!(frame.len() > 2 * LIMIT),
        other => panic!("{other:?}"),
    }
    let beyond = News("x".repeat(simplenet::ServerConfig::default().max_msg_size));
    assert_eq!(server.send(id, beyond), SendOutcome::TooLarge);
}
