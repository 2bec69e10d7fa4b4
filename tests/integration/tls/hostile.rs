//! Peers that violate TLS, or stall in its handshake.

use std::{sync::Arc, time::Duration};

use simplenet::{ServerConfig, ServerTls};
use simplenet_tests::{
    attack::values::NOT_TLS,
    certificates::Authority,
    chat,
    harness::{accept, client, ended, hello, meet, soon, talk},
    raw,
    raw::{Hello, RawPeer, code::VIOLATION, websocket},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::{
    ClientConnection,
    version::{TLS12, TLS13},
};

use super::{Library, address, raw_config, raw_connect, trusting, upgrade};

/// A configuration with one pending connection and short timeouts.
fn impatient() -> ServerConfig {
    ServerConfig {
        max_pending: 1,
        auth_timeout: Duration::from_millis(300),
        ..ServerConfig::default()
    }
}

/// Returns the first bytes of a conforming client under TLS.
fn client_hello(authority: &Authority, server: &chat::Server) -> Vec<u8> {
    let config = Arc::new(raw_config(authority, &[&TLS12, &TLS13]));
    let name = address(&server.url()).ip().into();
    let mut words = Vec::new();
    ClientConnection::new(config, name).unwrap().write_tls(&mut words).unwrap();
    words
}

/// Asserts that a conforming client is accepted, so the place of the pending connection is free.
async fn holds(server: &mut chat::Server, authority: &Authority) {
    let mut honest = client(server.url(), 1).tls(trusting(authority)).connect(hello());
    meet(server, &mut honest).await;
    talk(server, &honest).await;
    drop(honest);
    ended(server).await;
}

#[tokio::test]
async fn stalled_tls_handshake_times_out() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let mut server = library.server_with(ours.server().server_tls(), impatient());
        let words = client_hello(&ours, &server);
        for opening in [&[][..], &words[..1], &words[..words.len() / 2], &words[..]] {
            let began = std::time::Instant::now();
            let mut peer = RawPeer::dial(&server.url()).await;
            peer.write(opening).await;
            peer.end().await;
            assert!(began.elapsed().as_secs() < 5, "closed after {:?}", began.elapsed());
            holds(&mut server, &ours).await;
        }
    }
}

#[tokio::test]
async fn silence_after_the_tls_handshake_times_out() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let mut server = library.server_with(ours.server().server_tls(), impatient());
        for opening in ["", "GET / HTTP/1.1\r\nHost: "] {
            let mut stream =
                raw_connect(&server.url(), raw_config(&ours, &[&TLS13])).await.unwrap();
            stream.write_all(opening.as_bytes()).await.unwrap();
            let mut said = Vec::new();
            // The end of the stream without close_notify.
            let _ = soon("the end", stream.read_to_end(&mut said)).await;
            assert_eq!(said, b"", "nothing was upgraded");
            holds(&mut server, &ours).await;
        }
    }
}

#[tokio::test]
async fn non_tls_bytes_are_refused() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let patient = ServerConfig { max_pending: 1, ..ServerConfig::default() };
        let mut server = library.server_with(ours.server().server_tls(), patient);
        for opening in NOT_TLS {
            let mut peer = RawPeer::dial(&server.url()).await;
            peer.write(opening).await;
            // The server has sent its part of the handshake and waits for the client.
            let answer = peer.end().await;
            assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
            drop(peer);
            holds(&mut server, &ours).await;
        }
    }
}

#[tokio::test]
async fn endless_tls_handshake_is_refused() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let mut server = library.server(ours.server().server_tls());
        let mut peer = RawPeer::dial(&server.url()).await;
        // A hello that announces 16 MiB, in records of 16 KiB.
        let mut record = vec![0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0xff, 0xff, 0xff];
        record.resize(5 + 0x4000, 0);
        let mut written = 0;
        while peer.write(&record).await {
            written += record.len();
            assert!(written < 64 * 1024 * 1024, "the server reads without limit");
            record[5..].fill(0);
        }
        drop(peer);
        holds(&mut server, &ours).await;
    }
}

#[tokio::test]
async fn tls_overhead_is_metered() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let day = Duration::from_secs(24 * 60 * 60);
        let patient = ServerConfig { auth_timeout: day, ..ServerConfig::default() };
        let mut server = library.server_with(ours.server().server_tls(), patient);
        let mut stream = raw_connect(&server.url(), raw_config(&ours, &[&TLS13])).await.unwrap();
        upgrade(&mut stream).await;
        let (mut reader, mut writer) = tokio::io::split(stream);
        // A hello within its limit, but each byte arrives in a record of 23 bytes.
        let hello = websocket::frame(websocket::BINARY, &[0; 60_000], true);
        let slicing = tokio::spawn(async move {
            for byte in hello {
                if writer.write_all(&[byte]).await.is_err() || writer.flush().await.is_err() {
                    break;
                }
            }
            writer
        });
        let mut said = Vec::new();
        let _ = soon("the end", reader.read_to_end(&mut said)).await;
        let _writer = soon("the writing", slicing).await.unwrap();
        let too_big = 4057_u16.to_be_bytes();
        let close = said.windows(4).any(|bytes| bytes[0] == 0x88 && bytes[2..] == too_big);
        assert!(close, "{library:?}: not closed as too big");
        holds(&mut server, &ours).await;
    }
}

#[tokio::test]
async fn invalid_tls_record_ends_only_its_session() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let settings: ServerTls = ours.server().server_tls();
        let mut server = library.server(settings);
        let mut stream = raw_connect(&server.url(), raw_config(&ours, &[&TLS13])).await.unwrap();
        upgrade(&mut stream).await;
        // A record that is not encrypted.
        stream
            .get_mut()
            .0
            .write_all(b"\x17\x03\x03\x00\x20aaaaaaaabbbbbbbbccccccccdddddddd")
            .await
            .unwrap();
        let mut said = Vec::new();
        let _ = soon("the end", stream.read_to_end(&mut said)).await;
        holds(&mut server, &ours).await;
    }
}

#[tokio::test]
async fn half_closed_tls_peer_receives_the_answer() {
    for library in Library::ALL {
        let ours = Authority::new("ours");
        let mut server = library.server(ours.server().server_tls());
        let mut stream = raw_connect(&server.url(), raw_config(&ours, &[&TLS13])).await.unwrap();
        upgrade(&mut stream).await;
        let hello = Hello::new::<chat::Chat>(2, raw::text("mallory")).encode();
        let words = [hello, vec![0xff]].map(|it| websocket::frame(websocket::BINARY, &it, true));
        stream.write_all(&words.concat()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut said = Vec::new();
        soon("the end", stream.read_to_end(&mut said)).await.expect("close_notify is received");
        assert_eq!((said[0], said[2]), (websocket::BINARY, 0x41), "{library:?}: no welcome");
        let violation = VIOLATION.to_be_bytes();
        let close = said.windows(4).any(|it| it[0] == websocket::CLOSE && it[2..] == violation);
        assert!(close, "{library:?}: not closed as a violation");
        accept(&mut server).await;
        ended(&mut server).await;
        holds(&mut server, &ours).await;
    }
}
