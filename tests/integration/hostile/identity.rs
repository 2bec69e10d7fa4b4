//! Peers that claim the identity of another client.

use simplenet::{
    AuthRequest, Authenticator, ClientId, CloseReason, Secret, ServerConfig, ServerReport,
};
use simplenet_tests::{
    chat,
    harness::{accept, connected, hello as connect_message, server_event},
    raw,
    raw::{
        Auth, Hello, RawPeer, Received,
        code::{DUPLICATE, FULL, VIOLATION},
    },
};

use super::{HONEST, HOSTILE, TYPING, TestServer, hello};

/// Creates a server with a secret, and an honest client with that secret.
async fn server_with_secret() -> TestServer {
    let secret = Secret::new("open sesame");
    let mut server = chat::Server::builder()
        .authenticator(Authenticator::Secret(secret.clone()))
        .bind("127.0.0.1:0")
        .expect("a free port");
    let mut honest = chat::Client::builder(server.url())
        .auth(AuthRequest::Secret { client_id: ClientId::new(HONEST), secret })
        .connect(connect_message());
    accept(&mut server).await;
    connected(&mut honest).await;
    TestServer { server, honest }
}

#[tokio::test]
async fn correct_secret_is_accepted() {
    let mut test_server = server_with_secret().await;
    let auth = Auth::Secret(HOSTILE, b"open sesame".to_vec());
    RawPeer::welcomed(&test_server.server.url(), &Hello { auth, ..hello(HOSTILE) }).await;
    test_server.expect_connected().await;
}

#[tokio::test]
async fn refused_duplicate_does_not_end_the_first_session() {
    let mut test_server = TestServer::new().await;
    let mut first = test_server.hostile().await;
    let mut second = RawPeer::upgraded(&test_server.server.url()).await;
    second.send(&hello(HOSTILE).encode()).await;
    assert_eq!(second.refused().await.1, DUPLICATE);
    second.finish().await;
    second.end().await;
    first.send(&raw::message(TYPING)).await;
    test_server.expect_typing().await;
    drop(first);
    test_server.expect_disconnected().await;
    // The id can be used again after the end of its session.
    let mut third = test_server.hostile().await;
    third.send(&raw::message(TYPING)).await;
    test_server.expect_typing().await;
}

#[tokio::test]
async fn full_server_refuses_every_client() {
    let mut test_server =
        TestServer::with(ServerConfig { max_connections: 1, ..Default::default() }).await;
    let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
    peer.send(&hello(HOSTILE).encode()).await;
    assert_eq!(peer.refused().await.1, FULL);
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn client_that_sends_before_the_answer_is_refused() {
    let mut test_server = TestServer::new().await;
    let early = [raw::message(TYPING), raw::packed(&raw::message(TYPING)), Vec::new()];
    for early in early.iter().cycle().take(20) {
        let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
        let messages = [hello(HOSTILE).encode(), early.clone()];
        peer.write(&messages.map(|message| peer.binary(&message)).concat()).await;
        let (refused, code) = peer.refused().await;
        assert_eq!((refused.code, code), (VIOLATION, VIOLATION));
    }
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn client_cannot_close_with_a_reason_of_the_server() {
    // Of these codes, a client may send only 1000. The other codes are reasons that only a server
    // sends.
    for code in [1000, 4000, 4002, 4003, 4004, 4050, 4054, 4055, 4100] {
        let mut test_server = TestServer::new().await;
        let mut peer = test_server.hostile().await;
        let close = raw::websocket::close(code, "forged");
        peer.send_websocket(raw::websocket::CLOSE, &close).await;
        let reason = test_server.expect_disconnected().await;
        match code {
            1000 => assert_eq!(reason, CloseReason::ClosedByClient),
            _ => assert_eq!(reason, CloseReason::Other { code, text: "forged".into() }),
        }
        assert!(!reason.is_application());
        test_server.assert_serves_alone().await;
    }
}

#[tokio::test]
async fn peer_has_the_claimed_environment_and_the_observed_address() {
    let mut test_server = TestServer::new().await;
    let web = Hello { environment: 1, ..hello(HOSTILE) };
    let mut peer = RawPeer::welcomed(&test_server.server.url(), &web).await;
    let peer_info = test_server.expect_connected().await;
    assert_eq!(peer_info.env, simplenet::EnvType::Web);
    assert!(peer_info.address.unwrap().ip().is_loopback());
    peer.finish().await;
    assert!(matches!(
        server_event(&mut test_server.server).await.1,
        chat::ServerEvent::Report(ServerReport::Disconnected(_))
    ));
    // The peer has sent nothing since its hello, so the server sends it no further frame.
    assert_eq!(peer.receive().await, Received::End);
}
