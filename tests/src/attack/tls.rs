//! Attacks within the TLS handshake.

use std::{sync::Arc, time::Duration};

use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, crypto::ring, pki_types::ServerName,
};

use super::{Attack, End, concurrent::concurrent, harness::AttackedServer, setup::Setup, values};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "silent TCP connection to a TLS port",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().with_tls(),
        run: |target| Box::pin(send_first(target, vec![Vec::new()])),
    },
    Attack {
        name: "half a TLS handshake",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().with_tls(),
        run: |target| {
            let hello = client_hello();
            Box::pin(send_first(target, vec![hello[..hello.len() / 2].to_vec(), hello]))
        },
    },
    Attack {
        name: "TLS handshake sent byte by byte",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().with_tls(),
        run: |target| Box::pin(slow_handshakes(target)),
    },
    Attack {
        name: "other bytes than TLS",
        ends: &[End::CutOff],
        server: || Setup::long_timeouts().with_tls(),
        run: |target| Box::pin(send_first(target, values::NOT_TLS.map(<[u8]>::to_vec).to_vec())),
    },
    Attack {
        name: "TLS handshake with one changed byte",
        ends: &[End::CutOff],
        server: || Setup::short_timeouts().with_tls(),
        run: |target| {
            let hello = client_hello();
            let damaged = (0..hello.len()).map(|index| {
                let mut hello = hello.clone();
                hello[index] ^= 0xff;
                hello
            });
            Box::pin(send_first(target, damaged.collect()))
        },
    },
    Attack {
        name: "endless TLS handshake",
        ends: &[End::CutOff],
        server: || Setup::long_timeouts().with_tls(),
        run: |target| Box::pin(endless_handshakes(target)),
    },
];

async fn send_first(target: AttackedServer, first_bytes: Vec<Vec<u8>>) -> Vec<End> {
    concurrent(first_bytes.len().max(200) as u64, async |number| {
        let mut peer = target.dial().await;
        peer.write(&first_bytes[number as usize % first_bytes.len()]).await;
        End::of_upgrade(peer).await
    })
    .await
}

async fn slow_handshakes(target: AttackedServer) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.dial().await;
        peer.write_byte_by_byte(&client_hello(), Duration::from_millis(20)).await;
        End::of_upgrade(peer).await
    })
    .await
}

/// Sends the TLS records of a first message of 16 MB.
async fn endless_handshakes(target: AttackedServer) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.dial().await;
        peer.write(&[0x16, 0x03, 0x01, 0x00, 0x04, 0x01, 0xff, 0xff, 0xff]).await;
        peer.write_endlessly(&[&[0x16, 0x03, 0x01, 0x00, 0x10][..], &[0; 16]].concat()).await;
        End::of_upgrade(peer).await
    })
    .await
}

/// Returns the first bytes of a rustls client.
fn client_hello() -> Vec<u8> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let mut client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut hello = Vec::new();
    client.write_tls(&mut hello).expect("a writable buffer");
    hello
}
