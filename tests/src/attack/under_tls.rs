//! Connections to a server under TLS that never get through with it.

use std::{sync::Arc, time::Duration};

use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, crypto::ring, pki_types::ServerName,
};

use super::{Attack, End, arena::Scene, crowd::crowd, defence::Defence};
use crate::raw::websocket;

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "connects, and says nothing under TLS",
        ends: &[End::CutOff],
        server: || Defence::impatient().under_tls(),
        run: |scene| Box::pin(opened_by(scene, vec![Vec::new()])),
    },
    Attack {
        name: "half a handshake",
        ends: &[End::CutOff],
        server: || Defence::impatient().under_tls(),
        run: |scene| {
            let hello = client_hello();
            Box::pin(opened_by(scene, vec![hello[..hello.len() / 2].to_vec(), hello]))
        },
    },
    Attack {
        name: "lets a handshake drip, byte by byte",
        ends: &[End::CutOff],
        server: || Defence::impatient().under_tls(),
        run: |scene| Box::pin(drips(scene)),
    },
    Attack {
        name: "no TLS at all",
        ends: &[End::CutOff],
        server: || Defence::patient().under_tls(),
        run: |scene| {
            let openings = [websocket::UPGRADE.into(), vec![0xff; 100], b"\0\r\n\r\n".repeat(100)];
            Box::pin(opened_by(scene, openings.to_vec()))
        },
    },
    Attack {
        name: "a handshake with a byte that is another",
        ends: &[End::CutOff],
        server: || Defence::impatient().under_tls(),
        run: |scene| {
            let hello = client_hello();
            let damaged = (0..hello.len()).map(|place| {
                let mut hello = hello.clone();
                hello[place] ^= 0xff;
                hello
            });
            Box::pin(opened_by(scene, damaged.collect()))
        },
    },
    Attack {
        name: "a handshake without end",
        ends: &[End::CutOff],
        server: || Defence::patient().under_tls(),
        run: |scene| Box::pin(endless(scene)),
    },
];

async fn opened_by(scene: Scene, openings: Vec<Vec<u8>>) -> Vec<End> {
    crowd(openings.len().max(200) as u64, async |number| {
        let mut peer = scene.dial().await;
        peer.write(&openings[number as usize % openings.len()]).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn drips(scene: Scene) -> Vec<End> {
    crowd(50, async |_| {
        let mut peer = scene.dial().await;
        peer.drip(&client_hello(), Duration::from_millis(20)).await;
        End::of_upgrade(peer).await
    })
    .await
}

/// Records that belong to a first message of 16 MB.
async fn endless(scene: Scene) -> Vec<End> {
    crowd(50, async |_| {
        let mut peer = scene.dial().await;
        peer.write(&[0x16, 0x03, 0x01, 0x00, 0x04, 0x01, 0xff, 0xff, 0xff]).await;
        peer.write_without_end(&[&[0x16, 0x03, 0x01, 0x00, 0x10][..], &[0; 16]].concat()).await;
        End::of_upgrade(peer).await
    })
    .await
}

/// What a client of rustls says first.
fn client_hello() -> Vec<u8> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let mut client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut hello = Vec::new();
    client.write_tls(&mut hello).expect("room");
    hello
}
