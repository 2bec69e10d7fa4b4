//! Connections that never become a WebSocket.

use std::time::Duration;

use super::{Attack, End, arena::Scene, crowd::crowd, defence::Defence};
use crate::raw::websocket;

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "connects, and says nothing",
        ends: &[End::CutOff],
        server: Defence::impatient,
        run: |scene| Box::pin(silent(scene)),
    },
    Attack {
        name: "lets the upgrade drip, byte by byte",
        ends: &[End::CutOff],
        server: Defence::impatient,
        run: |scene| Box::pin(drips(scene)),
    },
    Attack {
        name: "a header without end",
        ends: &[End::CutOff],
        server: Defence::patient,
        run: |scene| Box::pin(endless(scene, "X-Endless: ", "xxxxxxxxxxxxxxxx")),
    },
    Attack {
        name: "headers without end",
        ends: &[End::CutOff],
        server: Defence::patient,
        run: |scene| Box::pin(endless(scene, "", "X-Another: header\r\n")),
    },
    Attack {
        name: "something else than an upgrade",
        ends: &[End::CutOff, End::Status(400)],
        server: Defence::patient,
        run: |scene| Box::pin(strange(scene)),
    },
];

async fn silent(scene: Scene) -> Vec<End> {
    crowd(200, async |_| End::of_upgrade(scene.dial().await).await).await
}

async fn drips(scene: Scene) -> Vec<End> {
    crowd(50, async |_| {
        let mut peer = scene.dial().await;
        peer.drip(websocket::UPGRADE.as_bytes(), Duration::from_millis(20)).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn endless(scene: Scene, begin: &'static str, more: &'static str) -> Vec<End> {
    crowd(50, async |_| {
        let mut peer = scene.dial().await;
        peer.write(b"GET / HTTP/1.1\r\n").await;
        peer.write(begin.as_bytes()).await;
        peer.write_without_end(more.as_bytes()).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn strange(scene: Scene) -> Vec<End> {
    const OPENINGS: [&[u8]; 8] = [
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
    crowd(200, async |number| {
        let mut peer = scene.dial().await;
        peer.write(OPENINGS[number as usize % OPENINGS.len()]).await;
        End::of_upgrade(peer).await
    })
    .await
}
