//! Attacks before the WebSocket upgrade.

use std::time::Duration;

use super::{Attack, End, concurrent::concurrent, harness::AttackedServer, setup::Setup};
use crate::raw::websocket;

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "silent TCP connection",
        ends: &[End::CutOff],
        server: Setup::short_timeouts,
        run: |target| Box::pin(silent_connections(target)),
    },
    Attack {
        name: "upgrade sent byte by byte",
        ends: &[End::CutOff],
        server: Setup::short_timeouts,
        run: |target| Box::pin(slow_upgrades(target)),
    },
    Attack {
        name: "endless HTTP header",
        ends: &[End::CutOff],
        server: Setup::long_timeouts,
        run: |target| Box::pin(endless_headers(target, "X-Endless: ", "xxxxxxxxxxxxxxxx")),
    },
    Attack {
        name: "endless HTTP headers",
        ends: &[End::CutOff],
        server: Setup::long_timeouts,
        run: |target| Box::pin(endless_headers(target, "", "X-Another: header\r\n")),
    },
    Attack {
        name: "other bytes than an upgrade",
        ends: &[End::CutOff, End::Status(400)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(invalid_upgrades(target)),
    },
];

async fn silent_connections(target: AttackedServer) -> Vec<End> {
    concurrent(200, async |_| End::of_upgrade(target.dial().await).await).await
}

async fn slow_upgrades(target: AttackedServer) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.dial().await;
        peer.write_byte_by_byte(websocket::UPGRADE.as_bytes(), Duration::from_millis(20)).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn endless_headers(
    target: AttackedServer,
    start: &'static str,
    repeated: &'static str,
) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.dial().await;
        peer.write(b"GET / HTTP/1.1\r\n").await;
        peer.write(start.as_bytes()).await;
        peer.write_endlessly(repeated.as_bytes()).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn invalid_upgrades(target: AttackedServer) -> Vec<End> {
    const FIRST_BYTES: [&[u8]; 8] = [
        b"\x00\xff\x00\xff\r\n\r\n",
        &[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, b'\r', b'\n'],
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
          Sec-WebSocket-Version: 13\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
          Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    concurrent(200, async |number| {
        let mut peer = target.dial().await;
        peer.write(FIRST_BYTES[number as usize % FIRST_BYTES.len()]).await;
        End::of_upgrade(peer).await
    })
    .await
}
