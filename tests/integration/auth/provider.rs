//! Providers: clients that obtain a token for each attempt and before each expiry.

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use simplenet::{
    AuthProvider, AuthRequest, AuthToken, AuthTokenBuilder, Authenticator, ClientConfig, ClientId,
    ClientReport, ClientState, CloseReason, ConnectError, DeathReason, FreshToken, NotConnected,
    Url,
};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, connected, hello as connect_message, soon},
};

use super::{Login, ago, ended_within, server};

const MINUTE: Duration = Duration::from_secs(60);

/// The result of a call of a provider.
type ProviderResult = Result<FreshToken, Box<dyn std::error::Error + Send + Sync>>;

/// Creates a provider, and a counter of its calls. The provider passes the number of each call to
/// `answer`.
fn provider(
    answer: impl Fn(usize) -> ProviderResult + Send + Sync + 'static,
) -> (AuthProvider, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let answer = Arc::new(answer);
    let provider = AuthProvider::new(move || {
        let answer = answer.clone();
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            tokio::task::yield_now().await;
            answer(number)
        }
    });
    (provider, calls)
}

/// Returns a request for the id 1 with tokens of this provider.
fn provided_by(provider: AuthProvider) -> AuthRequest {
    AuthRequest::Provider { client_id: ClientId::new(1), provider }
}

/// Creates a server and its client over an in-memory transport, which works with a paused clock.
fn in_memory(login: &Login, auth: AuthRequest) -> (chat::Server, chat::Client) {
    let (server, connector) = chat::Server::builder()
        .authenticator(Authenticator::Token(login.verifier()))
        .bind_memory()
        .expect("a runtime");
    let client = chat::Client::in_memory(&connector).auth(auth).connect(connect_message());
    (server, client)
}

/// Waits until the client's session ends because its token has expired.
async fn expect_expired(client: &mut chat::Client) {
    match client_event(client).await {
        chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => {
            assert_eq!(reason, CloseReason::AuthenticationExpired);
        }
        other => panic!("expected Disconnected, got {other:?}"),
    }
}

async fn expect_dead(client: &mut chat::Client) -> DeathReason {
    match client_event(client).await {
        chat::ClientEvent::Report(ClientReport::IsDead(reason)) => reason,
        other => panic!("expected IsDead, got {other:?}"),
    }
}

#[tokio::test]
async fn server_decides_whether_a_token_has_expired() {
    let login = Login::new();
    let token = login.sign(AuthTokenBuilder::new(1).issued_at(ago(61)).expires_at(ago(1)));
    let connect = |server: &chat::Server| {
        let auth = AuthRequest::Token { token: token.clone() };
        chat::Client::builder(server.url()).auth(auth).connect(connect_message())
    };
    // The clock of this server is behind, or the clock of the client ahead.
    let mut lenient = server(Authenticator::Token(login.verifier().grace(MINUTE)));
    let mut client = connect(&lenient);
    accept(&mut lenient).await;
    connected(&mut client).await;

    let strict = server(Authenticator::Token(login.verifier()));
    let mut client = connect(&strict);
    assert!(matches!(expect_dead(&mut client).await, DeathReason::TokenExpired));
}

#[tokio::test]
async fn refused_token_that_has_not_expired_is_not_called_expired() {
    let server = server(Authenticator::Token(Login::new().verifier()));
    let auth = AuthRequest::Token { token: Login::new().token(1) };
    let mut client = chat::Client::builder(server.url()).auth(auth).connect(connect_message());
    let reason = expect_dead(&mut client).await;
    let refused = CloseReason::AuthenticationRefused(String::new());
    assert!(matches!(&reason, DeathReason::Refused(reason) if *reason == refused), "{reason:?}");
}

#[tokio::test(start_paused = true)]
async fn client_does_not_connect_with_a_token_that_has_certainly_expired() {
    let login = Login::new();
    let lifetime = 10 * MINUTE;
    let token = login.sign(AuthTokenBuilder::new(1).lifetime(lifetime));
    let started = tokio::time::Instant::now();
    let (server, client) = in_memory(&login, AuthRequest::Token { token });
    drop(server);
    let dead = tokio::time::timeout(60 * MINUTE, client.dead()).await.expect("the client is dead");
    assert!(matches!(dead, DeathReason::TokenExpired), "{dead:?}");
    let certain = lifetime + 5 * MINUTE;
    let tried = started.elapsed();
    let longest_wait = ClientConfig::default().max_reconnect_interval;
    assert!((certain..certain + 2 * longest_wait).contains(&tried), "{tried:?}");
}

#[tokio::test(start_paused = true)]
async fn client_without_a_provider_ends_when_its_token_expires() {
    let login = Login::new();
    let (mut server, mut client) = in_memory(&login, AuthRequest::Token { token: login.token(1) });
    accept(&mut server).await;
    connected(&mut client).await;
    let reason = ended_within(&mut server, 61 * MINUTE).await;
    assert_eq!(reason, CloseReason::AuthenticationExpired);
    expect_expired(&mut client).await;
    // The client learns of the expiry from the server's close reason. By the wall clock, which
    // hardly advances in this test, the token is still valid.
    assert!(matches!(expect_dead(&mut client).await, DeathReason::TokenExpired));
}

#[tokio::test(start_paused = true)]
async fn session_with_fresh_tokens_outlives_its_first_token() {
    let login = Arc::new(Login::new());
    let issued = Arc::new(Mutex::new(Vec::<AuthToken>::new()));
    let (provider, calls) = provider({
        let (login, issued) = (login.clone(), issued.clone());
        move |_| {
            let token = login.sign(AuthTokenBuilder::new(1).lifetime(10 * MINUTE));
            issued.lock().unwrap().push(token.clone());
            Ok(token.into())
        }
    });
    let (mut server, mut client) = in_memory(&login, provided_by(provider));
    accept(&mut server).await;
    connected(&mut client).await;
    tokio::time::timeout(60 * MINUTE, server.recv()).await.expect_err("the session continues");
    assert!(client.is_connected() && client.next().is_none());
    // One call for the first connection, and one every nine minutes.
    assert_eq!(calls.load(Ordering::SeqCst), 7);
    let newest = issued.lock().unwrap().last().map(AuthToken::id);
    assert_eq!(server.peer(1).unwrap().identity.token_id, newest);
}

#[tokio::test(start_paused = true)]
async fn failing_provider_is_called_again_until_it_succeeds() {
    let login = Arc::new(Login::new());
    let (provider, calls) = provider({
        let login = login.clone();
        move |number| match number {
            1 | 5.. => Ok(login.sign(AuthTokenBuilder::new(1).lifetime(10 * MINUTE)).into()),
            2 => panic!("a bug in the application's provider"),
            _ => Err("the login service is unavailable".into()),
        }
    });
    let (mut server, mut client) = in_memory(&login, provided_by(provider));
    accept(&mut server).await;
    connected(&mut client).await;
    tokio::time::timeout(11 * MINUTE, server.recv()).await.expect_err("the session continues");
    assert!(calls.load(Ordering::SeqCst) >= 5);
    assert!(client.is_connected());
}

#[tokio::test(start_paused = true)]
async fn session_without_a_fresh_token_ends_and_the_client_reconnects_with_one() {
    let login = Arc::new(Login::new());
    let unavailable = Arc::new(Mutex::new(false));
    let (provider, _) = provider({
        let (login, unavailable) = (login.clone(), unavailable.clone());
        move |_| match *unavailable.lock().unwrap() {
            true => Err("the login service is unavailable".into()),
            false => Ok(login.sign(AuthTokenBuilder::new(1).lifetime(10 * MINUTE)).into()),
        }
    });
    let (mut server, mut client) = in_memory(&login, provided_by(provider));
    accept(&mut server).await;
    connected(&mut client).await;
    *unavailable.lock().unwrap() = true;
    let reason = ended_within(&mut server, 11 * MINUTE).await;
    assert_eq!(reason, CloseReason::AuthenticationExpired);
    expect_expired(&mut client).await;
    *unavailable.lock().unwrap() = false;
    tokio::time::timeout(2 * MINUTE, connected(&mut client)).await.expect("the client reconnects");
}

#[tokio::test]
async fn attempt_without_a_valid_token_is_retried() {
    let login = Arc::new(Login::new());
    let mut server = server(Authenticator::Token(login.verifier()));
    let (provider, calls) = provider({
        let login = login.clone();
        move |number| match number {
            1 => Err("the login service is unavailable".into()),
            2 => panic!("a bug in the application's provider"),
            3 => Ok(login.token(2).into()),
            _ => Ok(login.token(1).into()),
        }
    });
    let config = ClientConfig {
        reconnect_interval: Duration::from_millis(1),
        max_reconnect_interval: Duration::from_millis(1),
        ..ClientConfig::default()
    };
    let mut client = chat::Client::builder(server.url())
        .auth(provided_by(provider))
        .config(config)
        .connect(connect_message());
    assert_eq!(accept(&mut server).await.0, ClientId::new(1));
    connected(&mut client).await;
    assert_eq!(calls.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn client_with_a_failing_provider_is_dead_with_the_reason() {
    let (provider, _) = provider(|_| Err("no such account".into()));
    let config = ClientConfig {
        reconnect_interval: Duration::from_millis(1),
        max_initial_connect_attempts: Some(2),
        ..ClientConfig::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let mut client = chat::Client::builder(url)
        .auth(provided_by(provider))
        .config(config)
        .connect(connect_message());
    let reason = expect_dead(&mut client).await;
    assert!(
        matches!(&reason, DeathReason::GaveUp { attempts: 2, last: ConnectError::Provider { .. } }),
        "{reason:?}"
    );
    assert!(reason.to_string().contains("no such account"), "{reason}");
    assert!(listener.accept().is_err(), "a client has connected");
}

#[tokio::test]
async fn provider_that_never_returns_times_out_with_the_attempt() {
    let provider = AuthProvider::new(std::future::pending);
    let config = ClientConfig {
        connect_timeout: Duration::from_millis(50),
        max_initial_connect_attempts: Some(1),
        ..ClientConfig::default()
    };
    let mut client = chat::Client::builder("ws://127.0.0.1:9")
        .auth(provided_by(provider))
        .config(config)
        .connect(connect_message());
    let reason = expect_dead(&mut client).await;
    assert!(
        matches!(&reason, DeathReason::GaveUp { last: ConnectError::Timeout { .. }, .. }),
        "{reason:?}"
    );
}

#[tokio::test]
async fn provider_can_redirect_its_client_to_another_server() {
    let login = Arc::new(Login::new());
    let mut first = server(Authenticator::Token(login.verifier()));
    let mut second = server(Authenticator::Token(login.verifier()));
    let redirect = Arc::new(Mutex::new(None::<Url>));
    let (provider, _) = provider({
        let (login, redirect) = (login.clone(), redirect.clone());
        move |_| Ok(FreshToken { token: login.token(1), url: redirect.lock().unwrap().clone() })
    });
    let config =
        ClientConfig { reconnect_interval: Duration::from_millis(1), ..ClientConfig::default() };
    let mut client = chat::Client::builder(first.url())
        .auth(provided_by(provider))
        .config(config)
        .connect(connect_message());
    accept(&mut first).await;
    connected(&mut client).await;

    *redirect.lock().unwrap() = Some(second.url());
    first.shutdown(Duration::from_secs(5)).await;
    assert_eq!(accept(&mut second).await.0, ClientId::new(1));
    let ended = client_event(&mut client).await;
    assert!(matches!(ended, chat::ClientEvent::Report(ClientReport::Disconnected(_))), "{ended:?}");
    connected(&mut client).await;

    *redirect.lock().unwrap() = Some("http://nowhere.example".parse().unwrap());
    second.shutdown(Duration::from_secs(5)).await;
    soon("an attempt to fail", async {
        loop {
            if let ClientState::Connecting { reason: NotConnected::Failed(error), .. } =
                client.state()
            {
                assert!(matches!(&error, ConnectError::Provider { .. }), "{error:?}");
                return;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}
