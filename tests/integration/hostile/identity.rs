//! Peers that want to be somebody else.

use simplenet::{
    AuthRequest, Authenticator, ClientId, CloseReason, Secret, ServerConfig, ServerReport,
};
use simplenet_tests::{
    chat,
    harness::{accept, connected, hello as connect_message, server_event},
    raw,
    raw::{
        Auth, Hello, RawPeer, Received,
        code::{DUPLICATE, FULL},
    },
};

use super::{HONEST, STRANGER, Stage, TYPING, hello};

/// A server that wants a secret, and a client that knows it.
async fn guarded() -> Stage {
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
    Stage { server, honest }
}

#[tokio::test]
async fn the_secret_lets_in() {
    let mut stage = guarded().await;
    let auth = Auth::Secret(STRANGER, b"open sesame".to_vec());
    RawPeer::welcomed(&stage.server.url(), &Hello { auth, ..hello(STRANGER) }).await;
    stage.stranger_connects().await;
}

#[tokio::test]
async fn who_is_refused_ends_nobodys_session() {
    let mut stage = Stage::new().await;
    let mut first = stage.stranger().await;
    let mut second = RawPeer::upgraded(&stage.server.url()).await;
    second.send(&hello(STRANGER).encode()).await;
    assert_eq!(second.refused().await.1, DUPLICATE);
    second.finish().await;
    second.end().await;
    first.send(&raw::message(TYPING)).await;
    stage.stranger_types().await;
    drop(first);
    stage.stranger_ends().await;
    // The id is free again, and its new session is a bracket of its own.
    let mut third = stage.stranger().await;
    third.send(&raw::message(TYPING)).await;
    stage.stranger_types().await;
}

#[tokio::test]
async fn nobody_gets_into_a_full_server() {
    let mut stage = Stage::with(ServerConfig { max_connections: 1, ..Default::default() }).await;
    let mut peer = RawPeer::upgraded(&stage.server.url()).await;
    let hello = peer.binary(&hello(STRANGER).encode());
    let message = peer.binary(&raw::message(TYPING));
    peer.write(&[hello, message].concat()).await;
    assert_eq!(peer.refused().await.1, FULL);
    stage.holds_alone().await;
}

#[tokio::test]
async fn a_message_on_the_heels_of_the_hello_comes_after_connected() {
    let mut stage = Stage::new().await;
    for _ in 0..20 {
        let mut peer = RawPeer::upgraded(&stage.server.url()).await;
        let hello = peer.binary(&hello(STRANGER).encode());
        let message = peer.binary(&raw::message(TYPING));
        peer.write(&[hello, message].concat()).await;
        peer.finish().await;
        stage.stranger_connects().await;
        stage.stranger_types().await;
        stage.stranger_ends().await;
    }
}

#[tokio::test]
async fn a_client_cannot_speak_for_the_server_when_it_closes() {
    // 1000 is the client's own; what only a server may say means nothing from a client.
    for code in [1000, 4000, 4002, 4003, 4004, 4050, 4054, 4055, 4100] {
        let mut stage = Stage::new().await;
        let mut peer = stage.stranger().await;
        let close = raw::websocket::close(code, "says who");
        peer.send_websocket(raw::websocket::CLOSE, &close).await;
        let reason = stage.stranger_ends().await;
        match code {
            1000 => assert_eq!(reason, CloseReason::ClosedByClient),
            _ => assert_eq!(reason, CloseReason::Other { code, text: "says who".into() }),
        }
        assert!(!reason.is_application());
        stage.holds_alone().await;
    }
}

#[tokio::test]
async fn where_it_runs_is_its_own_word_and_where_it_comes_from_is_not() {
    let mut stage = Stage::new().await;
    let web = Hello { environment: 1, ..hello(STRANGER) };
    let mut peer = RawPeer::welcomed(&stage.server.url(), &web).await;
    let known = stage.stranger_connects().await;
    assert_eq!(known.env, simplenet::EnvType::Web);
    assert!(known.address.unwrap().ip().is_loopback());
    peer.finish().await;
    assert!(matches!(
        server_event(&mut stage.server).await.1,
        chat::ServerEvent::Report(ServerReport::Disconnected(_))
    ));
    // It has said nothing after its welcome, so nothing was said to it.
    assert_eq!(peer.receive().await, Received::End);
}
