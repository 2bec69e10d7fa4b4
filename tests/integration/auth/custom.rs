//! Authenticators of the application.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use simplenet::{
    AuthAttempt, AuthCredentials, AuthIdentity, AuthRefusal, Authenticate, Authenticator, ClientId,
    CloseReason, EnvType, Revocations, ServerConfig, TokenId,
};
use simplenet_tests::{
    chat,
    harness::{accept, ended, server_event, soon},
    raw,
    raw::{Auth, Hello, RawPeer},
};
use tokio::sync::Semaphore;

use super::{Login, REFUSED, ahead, hello, server, server_with, token_auth};

/// An authenticator that accepts every client, and describes the attempt in the claims.
struct DescribingAuthenticator;

impl Authenticate for DescribingAuthenticator {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        let AuthAttempt { credentials, env, address, channel, renews, .. } = attempt;
        let credentials_text = match &credentials {
            AuthCredentials::None { .. } => "none".to_owned(),
            AuthCredentials::Secret { secret, .. } => secret.matches(b"open").to_string(),
            AuthCredentials::Token(token) => String::from_utf8(token.claims().to_vec())?,
            _ => return Err(AuthRefusal::new("unknown kind of credentials")),
        };
        let loopback = address.is_some_and(|address| address.ip().is_loopback());
        let claims = format!("{credentials_text} {env:?} {loopback} {channel} {renews:?}");
        Ok(AuthIdentity::new(credentials.client_id().get() + 100).with_claims(claims))
    }
}

#[tokio::test]
async fn application_authenticator_receives_the_peer_and_chooses_the_identity() {
    let mut server = server(Authenticator::custom(DescribingAuthenticator));
    let web = Hello { environment: 1, ..hello(Auth::Secret(1, b"open".to_vec())) };
    RawPeer::welcomed(&server.url(), &web).await;
    let (client, peer) = accept(&mut server).await;
    assert_eq!(client, ClientId::new(101));
    assert_eq!(peer.env, EnvType::Web);
    assert_eq!(peer.identity.claims, "true Web true chat None");

    RawPeer::welcomed(&server.url(), &hello(Auth::None(2))).await;
    loop {
        match server_event(&mut server).await {
            (_, chat::ServerEvent::Report(simplenet::ServerReport::Connected(peer, _))) => {
                assert_eq!(peer.identity.claims, "none Native true chat None");
                break;
            }
            (id, _) => assert_eq!(id, ClientId::new(101), "an event of another client"),
        }
    }
}

/// An authenticator that waits for a permit of the test before it verifies a token.
#[derive(Clone)]
struct PermitAuthenticator {
    login: Arc<Login>,
    permits: Arc<Semaphore>,
    running: Arc<AtomicUsize>,
    verified: Arc<Mutex<Vec<TokenId>>>,
    revocations: Revocations,
}

impl PermitAuthenticator {
    fn new() -> Self {
        Self {
            login: Arc::new(Login::new()),
            permits: Arc::new(Semaphore::new(1)),
            running: Arc::default(),
            verified: Arc::default(),
            revocations: Revocations::new(),
        }
    }

    /// Waits until the condition holds.
    async fn until(&self, description: &str, condition: impl Fn(&Self) -> bool) {
        soon(description, async {
            while !condition(self) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

impl Authenticate for PermitAuthenticator {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        let AuthCredentials::Token(token) = attempt.credentials else {
            return Err(AuthRefusal::new("no token"));
        };
        assert_eq!(
            self.running.fetch_add(1, Ordering::SeqCst),
            0,
            "two tokens are verified at once"
        );
        self.permits.acquire().await?.forget();
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.verified.lock().unwrap().push(token.id());
        Ok(self.login.verifier().verify(&token, std::time::SystemTime::now())?)
    }

    fn revocations(&self) -> Option<&Revocations> {
        Some(&self.revocations)
    }
}

#[tokio::test]
async fn fresh_tokens_are_verified_one_at_a_time_beside_the_session() {
    let authenticator = PermitAuthenticator::new();
    let mut server = server(Authenticator::custom(authenticator.clone()));
    let tokens = [(); 5].map(|()| authenticator.login.token(1));
    let mut peer = RawPeer::welcomed(&server.url(), &hello(token_auth(&tokens[0]))).await;
    accept(&mut server).await;

    peer.send(&raw::token(tokens[1].as_bytes())).await;
    authenticator
        .until("the verification of the first fresh token", |authenticator| {
            authenticator.running.load(Ordering::SeqCst) == 1
        })
        .await;
    for token in &tokens[2..] {
        peer.send(&raw::token(token.as_bytes())).await;
    }
    // The message follows the tokens. Its arrival shows that the server has received the tokens,
    // and that the session continues while the first fresh token is verified.
    peer.send(&raw::message(&[0])).await;
    let event = server_event(&mut server).await.1;
    assert!(matches!(event, chat::ServerEvent::Msg(_)), "{event:?}");

    authenticator.permits.add_permits(10);
    let newest = tokens[4].id();
    authenticator
        .until("the newest token", |_| server.peer(1).unwrap().identity.token_id == Some(newest))
        .await;
    let verified = [tokens[0].id(), tokens[1].id(), newest];
    assert_eq!(*authenticator.verified.lock().unwrap(), verified);
}

#[tokio::test]
async fn unverified_fresh_token_ends_the_session_but_not_the_client() {
    let authenticator = PermitAuthenticator::new();
    let config = ServerConfig { auth_timeout: Duration::from_millis(200), ..Default::default() };
    let mut server = server_with(Authenticator::custom(authenticator.clone()), config);
    let mut peer =
        RawPeer::welcomed(&server.url(), &hello(token_auth(&authenticator.login.token(1)))).await;
    accept(&mut server).await;
    peer.send(&raw::token(authenticator.login.token(1).as_bytes())).await;
    assert_eq!(peer.close().await.0, 4053);
    let reason = ended(&mut server).await.1;
    assert_eq!(reason, CloseReason::Timeout);
    assert!(!reason.is_terminal());
}

#[tokio::test]
async fn unverified_hello_times_out() {
    let authenticator = PermitAuthenticator::new();
    authenticator.permits.forget_permits(1);
    let config = ServerConfig { auth_timeout: Duration::from_millis(200), ..Default::default() };
    let server = server_with(Authenticator::custom(authenticator.clone()), config);
    let mut peer = RawPeer::upgraded(&server.url()).await;
    peer.send(&hello(token_auth(&authenticator.login.token(1))).encode()).await;
    assert_eq!(peer.refused().await.1, 4053);
}

#[tokio::test]
async fn token_revoked_during_the_handshake_is_refused() {
    let authenticator = PermitAuthenticator::new();
    authenticator.permits.add_permits(1);
    // The second client is accepted, but its `Connected` waits for space in the event queue.
    let config = ServerConfig { inbox_events: 1, ..ServerConfig::default() };
    let mut server = server_with(Authenticator::custom(authenticator.clone()), config);
    let _first =
        RawPeer::welcomed(&server.url(), &hello(token_auth(&authenticator.login.token(1)))).await;
    let mut second = RawPeer::upgraded(&server.url()).await;
    second.send(&hello(token_auth(&authenticator.login.token(2))).encode()).await;
    authenticator
        .until("the verification of the second client", |authenticator| {
            authenticator.verified.lock().unwrap().len() == 2
        })
        .await;
    authenticator.revocations.revoke_client(2, ahead(0));
    assert_eq!(accept(&mut server).await.0, ClientId::new(1));
    assert_eq!(accept(&mut server).await.0, ClientId::new(2));
    let refused = CloseReason::AuthenticationRefused(String::new());
    assert_eq!(ended(&mut server).await, (ClientId::new(2), refused));
}

#[tokio::test]
async fn application_can_revoke_an_accepted_session() {
    let authenticator = PermitAuthenticator::new();
    let mut server = server(Authenticator::custom(authenticator.clone()));
    let mut peer =
        RawPeer::welcomed(&server.url(), &hello(token_auth(&authenticator.login.token(1)))).await;
    accept(&mut server).await;
    authenticator.revocations.revoke_client(1, ahead(0));
    assert_eq!(peer.close().await.0, REFUSED);
    authenticator.permits.add_permits(1);
    let mut peer = RawPeer::upgraded(&server.url()).await;
    peer.send(&hello(token_auth(&authenticator.login.token(1))).encode()).await;
    assert_eq!(peer.refused().await.1, REFUSED, "a revoked client can connect again");
}
