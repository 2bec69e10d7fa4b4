//! Bytes that never become a WebSocket.

use simplenet_tests::raw::{RawPeer, websocket};

use super::{Stage, impatient};

#[tokio::test]
async fn what_is_no_upgrade_is_closed() {
    let mut stage = Stage::new().await;
    let openings: [&[u8]; 8] = [
        b"\x00\xff\x00\xff\r\n\r\n",
        &[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, b'\r', b'\n'],
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for opening in openings {
        let mut peer = RawPeer::dial(&stage.server.url()).await;
        peer.write(opening).await;
        let answer = String::from_utf8_lossy(&peer.end().await).into_owned();
        assert!(!answer.starts_with("HTTP/1.1 101"), "{answer}");
        stage.holds_alone().await;
    }
}

#[tokio::test]
async fn a_head_without_end_is_closed() {
    let mut stage = Stage::new().await;
    let mut peer = RawPeer::dial(&stage.server.url()).await;
    peer.write(b"GET / HTTP/1.1\r\n").await;
    let header = format!("X-Endless: {}\r\n", "x".repeat(1000));
    let mut written = 0;
    while peer.write(header.as_bytes()).await {
        written += header.len();
        assert!(written < 64 * 1024 * 1024, "the server takes whatever comes");
    }
    stage.holds_alone().await;
}

#[tokio::test]
async fn an_upgrade_that_is_cut_off_leaves_nothing() {
    let mut stage = Stage::new().await;
    for length in [0, 1, 20, websocket::UPGRADE.len() - 1, websocket::UPGRADE.len()] {
        let mut peer = RawPeer::dial(&stage.server.url()).await;
        peer.write(&websocket::UPGRADE.as_bytes()[..length]).await;
        peer.finish().await;
        peer.end().await;
    }
    stage.holds_alone().await;
}

#[tokio::test]
async fn an_upgrade_that_never_comes_is_not_waited_for() {
    let mut stage = Stage::with(impatient()).await;
    for opening in ["", "GET / HTTP/1.1\r\nHost: "] {
        let began = std::time::Instant::now();
        let mut peer = RawPeer::dial(&stage.server.url()).await;
        peer.write(opening.as_bytes()).await;
        assert_eq!(peer.end().await, b"", "nothing was upgraded");
        assert!(began.elapsed().as_secs() < 5, "closed after {:?}", began.elapsed());
    }
    stage.holds_alone().await;
}
