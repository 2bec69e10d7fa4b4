//! Attacks within the TLS handshake.

use std::{sync::Arc, time::Duration};

use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, crypto::ring, pki_types::ServerName,
};

use super::{Attack, End, concurrent::concurrent, harness::Victim, setup::Setup, values};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "silent TCP connection to a TLS port",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().under_tls(),
        run: |target| Box::pin(opened_by(target, vec![Vec::new()])),
    },
    Attack {
        name: "half a TLS handshake",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().under_tls(),
        run: |target| {
            let hello = client_hello();
            Box::pin(opened_by(target, vec![hello[..hello.len() / 2].to_vec(), hello]))
        },
    },
    Attack {
        name: "TLS handshake sent byte by byte",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().under_tls(),
        run: |target| Box::pin(drips(target)),
    },
    Attack {
        name: "other bytes than TLS",
        ends: &[End::CutOff],
        server: || Setup::long_timeouts().under_tls(),
        run: |target| Box::pin(opened_by(target, values::NOT_TLS.map(<[u8]>::to_vec).to_vec())),
    },
    Attack {
        name: "TLS handshake with one changed byte",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().under_tls(),
        run: |target| {
            let hello = client_hello();
            let damaged = (0..hello.len()).map(|place| {
                let mut hello = hello.clone();
                hello[place] ^= 0xff;
                hello
            });
            Box::pin(opened_by(target, damaged.collect()))
        },
    },
    Attack {
        name: "endless TLS handshake",
        ends: &[End::CutOff],
        server: || Setup::long_timeouts().under_tls(),
        run: |target| Box::pin(endless(target)),
    },
];

async fn opened_by(target: Victim, openings: Vec<Vec<u8>>) -> Vec<End> {
    concurrent(openings.len().max(200) as u64, async |number| {
        let mut peer = target.dial().await;
        peer.write(&openings[number as usize % openings.len()]).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn drips(target: Victim) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.dial().await;
        peer.drip(&client_hello(), Duration::from_millis(20)).await;
        End::of_upgrade(peer).await
    })
    .await
}

/// TLS records of a first message of 16 MB.
async fn endless(target: Victim) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.dial().await;
        peer.write(&[0x16, 0x03, 0x01, 0x00, 0x04, 0x01, 0xff, 0xff, 0xff]).await;
        peer.write_without_end(&[&[0x16, 0x03, 0x01, 0x00, 0x10][..], &[0; 16]].concat()).await;
        End::of_upgrade(peer).await
    })
    .await
}

/// Returns the first bytes of a rustls client.
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
