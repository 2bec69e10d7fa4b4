//! Failed authentication, which is always answered with the same bytes.

use simplenet::{
    AuthAttempt, AuthIdentity, AuthRefusal, AuthTokenBuilder, Authenticate, Authenticator,
    ClientId, Revocations, Secret, Url,
};
use simplenet_tests::{
    harness::accept,
    raw::{Auth, RawPeer, Received},
};

use super::{Login, REFUSED, ago, ahead, hello, server, token_auth};

/// Sends a hello with these credentials, and returns all frames of the server.
async fn answer(url: &Url, auth: Auth) -> Vec<Received> {
    let mut peer = RawPeer::upgraded(url).await;
    peer.send(&hello(auth).encode()).await;
    let mut answer = Vec::new();
    loop {
        match peer.receive().await {
            Received::End => return answer,
            received => answer.push(received),
        }
        if let Some(Received::Close(..)) = answer.last() {
            peer.finish().await;
        }
    }
}

/// Asserts that the server answers each attempt with the same refusal.
async fn assert_refused(authenticator: Authenticator, attempts: impl IntoIterator<Item = Auth>) {
    let server = server(authenticator);
    // Version 1, code 4002, no text, no retry, no mismatch.
    let refusal = vec![0x42, 1, 0, 0xfb, 0xa2, 0x0f, 0, 0, 0];
    let expected = [Received::Frame(refusal), Received::Close(REFUSED, String::new())];
    for auth in attempts {
        let description = format!("{auth:?}");
        assert_eq!(answer(&server.url(), auth).await, expected, "{description}");
    }
    assert_eq!(server.num_connections(), 0);
}

#[tokio::test]
async fn every_invalid_token_gets_the_same_refusal() {
    let login = Login::new();
    let other_login = Login::new();
    let revocations = Revocations::new();
    let revoked = login.token(1);
    revocations.revoke(&revoked);
    let valid = login.token(1);
    let mut flipped = valid.as_bytes().to_vec();
    flipped[40] ^= 1;
    let tokens = [
        other_login.token(1),
        login.sign(AuthTokenBuilder::new(1).issued_at(ago(61)).expires_at(ago(1))),
        login.sign(AuthTokenBuilder::new(1).not_before(ahead(60))),
        login.sign(AuthTokenBuilder::new(1).channel("game")),
        login.sign(AuthTokenBuilder::new(1).channel("chat").server("us")),
        revoked,
    ];
    let other_credentials = [
        Auth::Token(flipped),
        Auth::Token(valid.as_bytes()[1..].to_vec()),
        Auth::Token(Vec::new()),
        Auth::Token(vec![0xff; 300]),
        Auth::None(1),
        Auth::Secret(1, valid.as_bytes().to_vec()),
    ];
    let attempts = tokens.iter().map(token_auth).chain(other_credentials);
    let authenticator = Authenticator::Token(login.verifier().revocations(revocations));
    assert_refused(authenticator, attempts).await;
}

#[tokio::test]
async fn server_with_an_audience_refuses_tokens_for_another() {
    let login = Login::new();
    let tokens = [
        login.token(1),
        login.sign(AuthTokenBuilder::new(1).channel("chat")),
        login.sign(AuthTokenBuilder::new(1).channel("chat").server("us")),
        login.sign(AuthTokenBuilder::new(1).channel("game").server("eu")),
    ];
    let verifier = login.verifier().channel("chat").server("eu");
    assert_refused(Authenticator::Token(verifier), tokens.iter().map(token_auth)).await;
}

#[tokio::test]
async fn every_wrong_secret_gets_the_same_refusal() {
    let attempts = [
        Auth::Secret(1, b"open".to_vec()),
        Auth::Secret(1, Vec::new()),
        Auth::None(1),
        token_auth(&Login::new().token(1)),
        Auth::Token(b"open sesame".to_vec()),
    ];
    assert_refused(Authenticator::Secret(Secret::new("open sesame")), attempts).await;
}

/// An authenticator that fails in a different way for each client id.
struct RefusingAuthenticator;

impl Authenticate for RefusingAuthenticator {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        match attempt.credentials.client_id().get() {
            1 => Err(AuthRefusal::new("an internal reason")),
            2 => panic!("a bug in the application's authenticator"),
            3 => Ok(AuthIdentity::new(3).with_expiry(ago(1))),
            4 => Ok(AuthIdentity::new("no number".parse::<u128>()?)),
            _ => Ok(AuthIdentity::new(9)),
        }
    }
}

#[tokio::test]
async fn refusal_by_the_application_hides_its_reason() {
    let attempts = [1, 2, 3, 4].map(Auth::None);
    assert_refused(Authenticator::custom(RefusingAuthenticator), attempts).await;
}

#[tokio::test]
async fn valid_client_is_accepted_after_refused_ones() {
    let login = Login::new();
    let mut server = server(Authenticator::Token(login.verifier()));
    answer(&server.url(), token_auth(&Login::new().token(1))).await;
    RawPeer::welcomed(&server.url(), &hello(token_auth(&login.token(1)))).await;
    assert_eq!(accept(&mut server).await.0, ClientId::new(1));
}

#[tokio::test]
async fn server_without_authentication_accepts_every_id() {
    let mut server = server(Authenticator::None);
    let auths = [
        (1, Auth::None(1)),
        (2, Auth::Secret(2, b"whatever".to_vec())),
        (3, token_auth(&Login::new().token(3))),
    ];
    let mut peers = Vec::new();
    for (id, auth) in auths {
        peers.push(RawPeer::welcomed(&server.url(), &hello(auth)).await);
        let (client, peer) = accept(&mut server).await;
        assert_eq!(client, ClientId::new(id));
        assert_eq!(peer.identity, AuthIdentity::new(id));
    }
}
