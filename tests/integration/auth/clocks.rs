//! Servers and login services whose clocks are wrong.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use simplenet::{
    AuthAttempt, AuthCredentials, AuthIdentity, AuthProvider, AuthRefusal, AuthRequest,
    AuthTokenBuilder, Authenticate, Authenticator, CloseReason, DeathReason, TokenVerifier,
};
use simplenet_tests::{
    chat,
    harness::{accept, connected, hello as connect_message, soon},
};

use super::{Login, ended_within, server};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const YEAR: i64 = 365 * 24 * HOUR;

/// Returns the time `seconds` after `time`.
fn later(time: SystemTime, seconds: i64) -> SystemTime {
    let difference = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { time - difference } else { time + difference }
}

/// The wall clock of a machine, which runs with the clock of the test's runtime.
#[derive(Clone, Copy)]
struct Clock {
    start: SystemTime,
    runtime: tokio::time::Instant,
    /// The error in seconds.
    skew: i64,
}

impl Clock {
    fn new(skew: i64) -> Self {
        Self { start: SystemTime::now(), runtime: tokio::time::Instant::now(), skew }
    }

    fn now(self) -> SystemTime {
        later(self.start + self.runtime.elapsed(), self.skew)
    }
}

/// An authenticator with a clock of its own.
struct SkewedServer {
    verifier: TokenVerifier,
    clock: Clock,
}

impl Authenticate for SkewedServer {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        let AuthCredentials::Token(token) = &attempt.credentials else {
            return Err(AuthRefusal::new("no token"));
        };
        let now = self.clock.now();
        let identity = self.verifier.verify(token, now)?;
        let left = identity.expires_at.expect("an expiry").duration_since(now)?;
        // The runtime compares the expiry with the clock of this machine.
        Ok(identity.with_expiry(SystemTime::now() + left))
    }
}

fn skewed(login: &Login, skew: i64) -> Authenticator {
    Authenticator::custom(SkewedServer { verifier: login.verifier(), clock: Clock::new(skew) })
}

#[tokio::test]
async fn token_is_accepted_by_the_difference_of_login_service_and_server() {
    let login = Login::new();
    println!("{:>12} {:>12}  outcome", "login", "server");
    for (login_skew, server_skew, accepted) in [
        (0, 0, true),
        (20, 0, true),
        (0, -20, true),
        (2 * MINUTE, 0, false),
        (0, -2 * MINUTE, false),
        (0, 50 * MINUTE, true),
        (-50 * MINUTE, 0, true),
        (0, 2 * HOUR, false),
        (-5 * YEAR, 0, false),
        (5 * YEAR, 0, false),
        (5 * YEAR, 5 * YEAR, true),
        (-5 * YEAR, -5 * YEAR, true),
        (-5 * YEAR, 5 * YEAR, false),
    ] {
        let mut server = server(skewed(&login, server_skew));
        let issued_at = later(SystemTime::now(), login_skew);
        let token = login.sign(AuthTokenBuilder::new(1).issued_at(issued_at));
        let expired_here = token.is_expired();
        let mut client = chat::Client::builder(server.url())
            .auth(AuthRequest::token(token))
            .connect(connect_message());
        let outcome = if accepted {
            accept(&mut server).await;
            connected(&mut client).await;
            "accepted".to_owned()
        } else {
            let death = soon("the end of the client", client.dead()).await;
            match &death {
                DeathReason::TokenExpired => assert!(expired_here, "{login_skew} {server_skew}"),
                DeathReason::Refused(CloseReason::AuthenticationRefused(text)) => {
                    assert!(text.is_empty() && !expired_here, "{login_skew} {server_skew}");
                }
                other => panic!("{login_skew} {server_skew}: {other:?}"),
            }
            death.to_string()
        };
        println!("{login_skew:>10} s {server_skew:>10} s  {outcome}");
    }
}

#[tokio::test(start_paused = true)]
async fn session_with_a_provider_outlives_its_tokens_whatever_the_clocks_show() {
    println!("{:>12} {:>12} {:>8}  calls of the provider in a day", "login", "server", "age");
    for (login_skew, server_skew, age, calls) in [
        (0, 0, 0, 25),
        (5 * YEAR, 5 * YEAR, 0, 25),
        (-5 * YEAR, -5 * YEAR, 0, 25),
        (20, 0, 0, 25),
        (0, 30 * MINUTE, 0, 50),
        (0, 0, 30 * MINUTE, 50),
        (-30 * MINUTE, 0, 0, 50),
    ] {
        let login = Login::new();
        let called = Arc::new(AtomicUsize::new(0));
        let (mut server, connector) = chat::Server::builder()
            .authenticator(skewed(&login, server_skew))
            .bind_memory()
            .expect("a runtime");
        let clock = Clock::new(login_skew - age);
        let provider = AuthProvider::new({
            let called = called.clone();
            move || {
                called.fetch_add(1, Ordering::SeqCst);
                let token = login.sign(AuthTokenBuilder::new(1).issued_at(clock.now()));
                std::future::ready(Ok(token.into()))
            }
        });
        let mut client = chat::Client::in_memory(&connector)
            .auth(AuthRequest::provider(1, provider))
            .connect(connect_message());
        accept(&mut server).await;
        connected(&mut client).await;
        let day = Duration::from_secs(24 * 60 * 60);
        tokio::time::timeout(day, server.recv()).await.expect_err("the session continues");
        assert!(client.is_connected() && client.next().is_none());
        let called = called.load(Ordering::SeqCst);
        println!("{login_skew:>10} s {server_skew:>10} s {age:>6} s  {called}");
        assert!(called.abs_diff(calls) <= 1, "{login_skew} {server_skew} {age}: {called}");
    }
}

#[tokio::test(start_paused = true)]
async fn session_ends_when_its_provider_returns_tokens_of_a_clock_that_jumped() {
    let login = Login::new();
    let (mut server, connector) =
        chat::Server::builder().authenticator(skewed(&login, 0)).bind_memory().expect("a runtime");
    let calls = AtomicUsize::new(0);
    let provider = AuthProvider::new({
        let (right, jumped) = (Clock::new(0), Clock::new(5 * YEAR));
        move || {
            let clock = if calls.fetch_add(1, Ordering::SeqCst) < 3 { right } else { jumped };
            let token = login.sign(AuthTokenBuilder::new(1).issued_at(clock.now()));
            std::future::ready(Ok(token.into()))
        }
    });
    let mut client = chat::Client::in_memory(&connector)
        .auth(AuthRequest::provider(1, provider))
        .connect(connect_message());
    accept(&mut server).await;
    connected(&mut client).await;
    let refused = CloseReason::AuthenticationRefused(String::new());
    assert_eq!(ended_within(&mut server, Duration::from_secs(4 * 3600)).await, refused);
    let death = client.dead().await;
    assert!(matches!(&death, DeathReason::SessionEnded(reason) if *reason == refused), "{death:?}");
}
