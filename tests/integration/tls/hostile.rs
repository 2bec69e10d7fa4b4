//! Peers that violate TLS, stall in its handshake, or half-close.

use std::{sync::Arc, time::Duration};

use simplenet::{ServerConfig, ServerTls};
use simplenet_tests::{
    attack::values::NOT_TLS,
    certificates::Authority,
    chat,
    harness::{client, connect_both, ended, hello, round_trip, soon},
    raw,
    raw::{
        Hello, RawPeer,
        code::{TOO_BIG, VIOLATION},
        websocket,
    },
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::{
    ClientConnection,
    version::{TLS12, TLS13},
};

use super::{Library, address, raw_config, raw_connect, trusting, upgrade};

/// Creates a configuration with one pending connection and a short timeout.
fn short_timeout() -> ServerConfig {
    ServerConfig {
        max_pending: 1,
        auth_timeout: Duration::from_millis(300),
        ..ServerConfig::default()
    }
}

/// Returns the TLS `ClientHello` of an honest client.
fn client_hello(authority: &Authority, server: &chat::Server) -> Vec<u8> {
    let config = Arc::new(raw_config(authority, &[&TLS12, &TLS13]));
    let name = address(&server.url()).ip().into();
    let mut bytes = Vec::new();
    ClientConnection::new(config, name).unwrap().write_tls(&mut bytes).unwrap();
    bytes
}

/// Asserts that an honest client is accepted and served. The server accepts it only if no pending
/// connection remains.
async fn assert_serves(server: &mut chat::Server, authority: &Authority) {
    let mut honest = client(server.url(), 1).tls(trusting(authority)).connect(hello());
    connect_both(server, &mut honest).await;
    round_trip(server, &honest).await;
    drop(honest);
    ended(server).await;
}

#[tokio::test]
async fn stalled_tls_handshake_times_out() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server_with(authority.server().server_tls(), short_timeout());
        let client_hello = client_hello(&authority, &server);
        for opening in [
            &[][..],
            &client_hello[..1],
            &client_hello[..client_hello.len() / 2],
            &client_hello[..],
        ] {
            let started = std::time::Instant::now();
            let mut peer = RawPeer::dial(&server.url()).await;
            peer.write(opening).await;
            peer.end().await;
            assert!(started.elapsed().as_secs() < 5, "closed after {:?}", started.elapsed());
            assert_serves(&mut server, &authority).await;
        }
    }
}

#[tokio::test]
async fn silence_after_the_tls_handshake_times_out() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server_with(authority.server().server_tls(), short_timeout());
        for opening in ["", "GET / HTTP/1.1\r\nHost: "] {
            let mut stream =
                raw_connect(&server.url(), raw_config(&authority, &[&TLS13])).await.unwrap();
            stream.write_all(opening.as_bytes()).await.unwrap();
            let mut received = Vec::new();
            // The stream may end without close_notify, which is an error.
            let _ = soon("the end", stream.read_to_end(&mut received)).await;
            assert_eq!(received, b"", "the server has answered an incomplete request");
            assert_serves(&mut server, &authority).await;
        }
    }
}

#[tokio::test]
async fn non_tls_bytes_are_refused() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let config = ServerConfig { max_pending: 1, ..ServerConfig::default() };
        let mut server = library.server_with(authority.server().server_tls(), config);
        for opening in NOT_TLS {
            let mut peer = RawPeer::dial(&server.url()).await;
            peer.write(opening).await;
            // The server may answer with a TLS alert.
            let answer = peer.end().await;
            assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
            drop(peer);
            assert_serves(&mut server, &authority).await;
        }
    }
}

#[tokio::test]
async fn endless_tls_handshake_is_refused() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server(authority.server().server_tls());
        let mut peer = RawPeer::dial(&server.url()).await;
        // A handshake message with an announced length of 16 MiB, in records of 16 KiB.
        let mut record = vec![0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0xff, 0xff, 0xff];
        record.resize(5 + 0x4000, 0);
        let mut written = 0;
        while peer.write(&record).await {
            written += record.len();
            assert!(written < 64 * 1024 * 1024, "the server reads without limit");
            record[5..].fill(0);
        }
        drop(peer);
        assert_serves(&mut server, &authority).await;
    }
}

#[tokio::test]
async fn tls_overhead_is_metered() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let day = Duration::from_secs(24 * 60 * 60);
        let config = ServerConfig { auth_timeout: day, ..ServerConfig::default() };
        let mut server = library.server_with(authority.server().server_tls(), config);
        let mut stream =
            raw_connect(&server.url(), raw_config(&authority, &[&TLS13])).await.unwrap();
        upgrade(&mut stream).await;
        let (mut reader, mut writer) = tokio::io::split(stream);
        // The hello is within its limit, but each of its bytes is sent in a TLS record of 23 bytes.
        let hello = websocket::frame(websocket::BINARY, &[0; 60_000], true);
        let writing = tokio::spawn(async move {
            for byte in hello {
                if writer.write_all(&[byte]).await.is_err() || writer.flush().await.is_err() {
                    break;
                }
            }
            writer
        });
        let mut received = Vec::new();
        let _ = soon("the end", reader.read_to_end(&mut received)).await;
        let _writer = soon("the writing", writing).await.unwrap();
        let too_big = TOO_BIG.to_be_bytes();
        let close =
            received.windows(4).any(|bytes| bytes[0] == websocket::CLOSE && bytes[2..] == too_big);
        assert!(close, "{library:?}: the close code is not {TOO_BIG}");
        assert_serves(&mut server, &authority).await;
    }
}

#[tokio::test]
async fn invalid_tls_record_ends_only_its_session() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let settings: ServerTls = authority.server().server_tls();
        let mut server = library.server(settings);
        let mut stream =
            raw_connect(&server.url(), raw_config(&authority, &[&TLS13])).await.unwrap();
        upgrade(&mut stream).await;
        // A record that is not encrypted.
        stream
            .get_mut()
            .0
            .write_all(b"\x17\x03\x03\x00\x20aaaaaaaabbbbbbbbccccccccdddddddd")
            .await
            .unwrap();
        let mut received = Vec::new();
        let _ = soon("the end", stream.read_to_end(&mut received)).await;
        assert_serves(&mut server, &authority).await;
    }
}

#[tokio::test]
async fn half_closed_tls_peer_receives_the_answer() {
    for library in Library::ALL {
        let authority = Authority::new("servers");
        let mut server = library.server(authority.server().server_tls());
        let mut stream =
            raw_connect(&server.url(), raw_config(&authority, &[&TLS13])).await.unwrap();
        upgrade(&mut stream).await;
        let hello = Hello::new::<chat::Chat>(2, raw::text("mallory")).encode();
        let frames =
            [hello, vec![0xff]].map(|frame| websocket::frame(websocket::BINARY, &frame, true));
        stream.write_all(&frames.concat()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut received = Vec::new();
        soon("the end", stream.read_to_end(&mut received)).await.expect("close_notify is received");
        assert_eq!(
            (received[0], received[2]),
            (websocket::BINARY, 0x42),
            "{library:?}: no refusal of the second frame"
        );
        let violation = VIOLATION.to_be_bytes();
        let close = received
            .windows(4)
            .any(|bytes| bytes[0] == websocket::CLOSE && bytes[2..] == violation);
        assert!(close, "{library:?}: the close code is not {VIOLATION}");
        assert_serves(&mut server, &authority).await;
    }
}
