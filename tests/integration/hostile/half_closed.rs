//! Peers that say all they have to say, close their writing half, and read on: a WebSocket has no half, so they have gone;
//! but what the server has to tell them still reaches them.

use simplenet::CloseReason;
use simplenet_tests::{
    raw,
    raw::{
        Hello, RawPeer, Received,
        code::{DUPLICATE, MISMATCH, TOO_BIG, VIOLATION},
        websocket,
    },
};

use super::{HONEST, STRANGER, Stage, TYPING, hello};

/// What is read first, the words or that there are no more, must not matter.
const ROUNDS: usize = 50;

/// A stranger that says these words at once, and nothing later.
async fn says(stage: &Stage, words: &[u8]) -> RawPeer {
    let mut peer = RawPeer::upgraded(&stage.server.url()).await;
    peer.write(words).await;
    peer.finish().await;
    peer
}

fn binary(frame: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, frame, true)
}

async fn is_welcomed(peer: &mut RawPeer) {
    let welcome = peer.receive().await;
    assert!(matches!(&welcome, Received::Frame(frame) if frame[0] == 0x41), "{welcome:02x?}");
}

#[tokio::test]
async fn who_says_no_more_than_its_hello_is_welcomed() {
    let mut stage = Stage::new().await;
    for _ in 0..ROUNDS {
        let mut peer = says(&stage, &binary(&hello(STRANGER).encode())).await;
        is_welcomed(&mut peer).await;
        assert_eq!(peer.receive().await, Received::End);
        stage.stranger_connects().await;
        let reason = stage.stranger_ends().await;
        assert!(matches!(reason, CloseReason::ConnectionLost(_)), "{reason:?}");
    }
    stage.holds_alone().await;
}

#[tokio::test]
async fn who_is_refused_reads_why() {
    let mut stage = Stage::new().await;
    let refused = [
        (hello(HONEST).encode(), DUPLICATE),
        (Hello { protocol: 0, ..hello(STRANGER) }.encode(), MISMATCH),
        (raw::message(TYPING), VIOLATION),
    ];
    for (frame, code) in refused.iter().cycle().take(ROUNDS) {
        let mut peer = says(&stage, &binary(frame)).await;
        let (refused, close) = peer.refused().await;
        assert_eq!((refused.code, close), (*code, *code));
        assert_eq!(peer.receive().await, Received::End);
    }
    stage.holds_alone().await;
}

#[tokio::test]
async fn who_is_sent_away_reads_why() {
    let mut stage = Stage::new().await;
    let last_words = [
        (binary(&[0xff]), VIOLATION),
        (binary(&raw::message(&[7])), VIOLATION),
        (websocket::frame(websocket::TEXT, b"typing", true), VIOLATION),
        (websocket::header(websocket::BINARY, 1 << 21, true), TOO_BIG),
    ];
    for (last, code) in last_words.iter().cycle().take(ROUNDS) {
        let good = [hello(STRANGER).encode(), raw::message(TYPING)].map(|frame| binary(&frame));
        let mut peer = says(&stage, &[&good.concat(), &last[..]].concat()).await;
        is_welcomed(&mut peer).await;
        assert_eq!(peer.close().await.0, *code, "{last:02x?}");
        assert_eq!(peer.receive().await, Received::End);
        stage.stranger_connects().await;
        stage.stranger_types().await;
        match stage.stranger_ends().await {
            CloseReason::ProtocolViolation(_) => assert_eq!(*code, VIOLATION, "{last:02x?}"),
            reason => assert_eq!((reason, *code), (CloseReason::MessageTooBig, TOO_BIG)),
        }
    }
    stage.holds_alone().await;
}
