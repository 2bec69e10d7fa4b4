//! Sessions and their credentials: identity, expiry, fresh tokens, revocation.

use std::time::Duration;

use simplenet::{
    AuthRequest, AuthTokenBuilder, Authenticator, ClientId, ClientReport, CloseReason, DeathReason,
    Revocations, ServerConfig, TokenId,
};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, connected, ended, hello as connect_message, soon},
    raw,
    raw::{RawPeer, Received},
};

use super::{Login, REFUSED, ago, ahead, ended_within, hello, server, server_with, token_auth};

const HOUR: Duration = Duration::from_secs(3600);

/// Starts a session over an in-memory transport, which works with a paused clock. The client's
/// token is valid for an hour.
async fn in_memory(login: &Login, config: ServerConfig) -> (chat::Server, chat::Client) {
    let (mut server, connector) = chat::Server::builder()
        .authenticator(Authenticator::Token(login.verifier()))
        .config(config)
        .bind_memory()
        .expect("a runtime");
    let mut client = chat::Client::in_memory(&connector)
        .auth(AuthRequest::Token { token: login.token(1) })
        .connect(connect_message());
    accept(&mut server).await;
    connected(&mut client).await;
    (server, client)
}

/// Waits until the client's session has this token.
async fn until_renewed(server: &chat::Server, client: u128, token: TokenId) {
    soon("the fresh token", async {
        while server.peer(client).expect("a session").identity.token_id != Some(token) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn connected_event_contains_the_identity_of_the_token() {
    let login = Login::new();
    let mut server = server(Authenticator::Token(login.verifier().channel("chat").server("eu")));
    let token = login.sign(
        AuthTokenBuilder::new(7).for_channel::<chat::Chat>().server("eu").claims("moderator"),
    );
    let mut client = chat::Client::builder(server.url())
        .auth(AuthRequest::Token { token: token.clone() })
        .connect(connect_message());
    assert_eq!(client.id(), ClientId::new(7));
    let (id, peer) = accept(&mut server).await;
    connected(&mut client).await;
    assert_eq!(id, ClientId::new(7));
    assert_eq!(peer.identity.client_id, id);
    assert_eq!(peer.identity.claims, "moderator");
    assert_eq!(peer.identity.token_id, Some(token.id()));
    assert_eq!(peer.identity.expires_at, Some(token.expires_at()));
}

#[tokio::test(start_paused = true)]
async fn session_ends_when_its_token_expires() {
    let login = Login::new();
    let started = tokio::time::Instant::now();
    let (mut server, mut client) = in_memory(&login, ServerConfig::default()).await;
    assert_eq!(ended_within(&mut server, 2 * HOUR).await, CloseReason::AuthenticationExpired);
    let duration = started.elapsed();
    let longest = HOUR + Duration::from_secs(1);
    assert!((HOUR - Duration::from_secs(60)..=longest).contains(&duration), "{duration:?}");
    match client_event(&mut client).await {
        chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => {
            assert_eq!(reason, CloseReason::AuthenticationExpired);
        }
        other => panic!("expected Disconnected, got {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn session_outlives_its_token_if_configured() {
    let login = Login::new();
    let config = ServerConfig { enforce_expiry: false, ..Default::default() };
    let (mut server, client) = in_memory(&login, config).await;
    tokio::time::timeout(2 * HOUR, server.recv()).await.expect_err("the session continues");
    assert!(client.is_connected());
}

#[tokio::test]
async fn expired_token_closes_a_raw_session_with_its_own_code() {
    let login = Login::new();
    let mut server = server(Authenticator::Token(login.verifier()));
    let token = login.sign(AuthTokenBuilder::new(1).expires_at(ahead(2)));
    let mut peer = RawPeer::welcomed(&server.url(), &hello(token_auth(&token))).await;
    accept(&mut server).await;
    let (code, text) = peer.close().await;
    assert_eq!((code, &*text), (4059, "authentication expired: connect again with a fresh token"));
    assert_eq!(ended(&mut server).await.1, CloseReason::AuthenticationExpired);
    assert!(token.is_expired(), "the session has ended before the expiry of its token");
}

#[tokio::test]
async fn fresh_token_extends_the_session() {
    let login = Login::new();
    let mut server = server(Authenticator::Token(login.verifier()));
    let short = login.sign(AuthTokenBuilder::new(1).expires_at(ahead(2)));
    let mut peer = RawPeer::welcomed(&server.url(), &hello(token_auth(&short))).await;
    accept(&mut server).await;
    let fresh = login.sign(AuthTokenBuilder::new(1).claims("promoted"));
    peer.send(&raw::token(fresh.as_bytes())).await;
    until_renewed(&server, 1, fresh.id()).await;
    assert_eq!(server.peer(1).unwrap().identity.claims, "promoted");
    // The session continues after the expiry of the short token.
    soon("the expiry of the short token", async {
        while !short.is_expired() {
            tokio::time::sleep(short.time_until_expiry().unwrap_or_default()).await;
        }
    })
    .await;
    peer.send(&raw::message(&[0])).await;
    let event = simplenet_tests::harness::server_event(&mut server).await.1;
    assert!(matches!(event, chat::ServerEvent::Msg(_)), "{event:?}");
}

#[tokio::test]
async fn invalid_fresh_token_ends_the_session_like_any_refusal() {
    let login = Login::new();
    let other_login = Login::new();
    let revocations = Revocations::new();
    let revoked = login.token(1);
    revocations.revoke(&revoked);
    let verifier = login.verifier().revocations(revocations);
    let mut server = server(Authenticator::Token(verifier));
    let invalid_tokens = [
        login.token(2).as_bytes().to_vec(),
        other_login.token(1).as_bytes().to_vec(),
        revoked.as_bytes().to_vec(),
        login
            .sign(AuthTokenBuilder::new(1).issued_at(ago(61)).expires_at(ago(1)))
            .as_bytes()
            .to_vec(),
        b"no token at all".to_vec(),
        Vec::new(),
    ];
    for token in invalid_tokens {
        let mut peer = RawPeer::welcomed(&server.url(), &hello(token_auth(&login.token(1)))).await;
        accept(&mut server).await;
        peer.send(&raw::token(&token)).await;
        assert_eq!(peer.close().await, (REFUSED, String::new()));
        let refused = CloseReason::AuthenticationRefused(String::new());
        assert_eq!(ended(&mut server).await, (ClientId::new(1), refused));
    }
}

#[tokio::test]
async fn unneeded_fresh_token_has_no_effect() {
    let mut server = server(Authenticator::None);
    let mut peer = RawPeer::welcomed(&server.url(), &hello(raw::Auth::None(1))).await;
    accept(&mut server).await;
    peer.send(&raw::token(Login::new().token(1).as_bytes())).await;
    peer.send(&raw::ping(5)).await;
    assert_eq!(peer.receive().await, Received::Frame(vec![0x11, 5]));
    assert!(server.peer(1).is_some());
}

#[tokio::test]
async fn revoked_session_ends_at_once_for_good() {
    let login = Login::new();
    let revocations = Revocations::new();
    let verifier = login.verifier().revocations(revocations.clone());
    let mut server = server(Authenticator::Token(verifier));
    let tokens = [1, 2, 3].map(|id| login.token(id));
    let mut clients = Vec::new();
    for token in &tokens {
        let mut client = chat::Client::builder(server.url())
            .auth(AuthRequest::Token { token: token.clone() })
            .connect(connect_message());
        accept(&mut server).await;
        connected(&mut client).await;
        clients.push(client);
    }
    let refused = CloseReason::AuthenticationRefused(String::new());

    revocations.revoke(&tokens[0]);
    assert_eq!(ended(&mut server).await, (ClientId::new(1), refused.clone()));
    revocations.revoke_client(2, ahead(0));
    assert_eq!(ended(&mut server).await, (ClientId::new(2), refused.clone()));
    assert_eq!(server.clients(), [ClientId::new(3)]);
    for client in &mut clients[..2] {
        let event = client_event(client).await;
        assert!(
            matches!(&event, chat::ClientEvent::Report(ClientReport::ClosedByServer(reason)) if *reason == refused),
            "{event:?}"
        );
        let event = client_event(client).await;
        assert!(
            matches!(
                &event,
                chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::SessionEnded(_)))
            ),
            "{event:?}"
        );
    }
    revocations.revoke_issued_before(ahead(3600));
    assert_eq!(ended(&mut server).await, (ClientId::new(3), refused));
    for token in &tokens {
        let mut peer = RawPeer::upgraded(&server.url()).await;
        peer.send(&hello(token_auth(token)).encode()).await;
        assert_eq!(peer.refused().await.1, REFUSED);
    }
}

#[tokio::test]
async fn renewed_session_ends_when_its_newest_token_is_revoked() {
    let login = Login::new();
    let revocations = Revocations::new();
    let mut server = server_with(
        Authenticator::Token(login.verifier().revocations(revocations.clone())),
        ServerConfig::default(),
    );
    let [first, second] = [(), ()].map(|()| login.token(1));
    let mut peer = RawPeer::welcomed(&server.url(), &hello(token_auth(&first))).await;
    accept(&mut server).await;
    peer.send(&raw::token(second.as_bytes())).await;
    until_renewed(&server, 1, second.id()).await;
    revocations.revoke(&first);
    assert!(server.peer(1).is_some(), "the revocation of the old token has ended the session");
    revocations.revoke(&second);
    assert_eq!(peer.close().await.0, REFUSED);
}
