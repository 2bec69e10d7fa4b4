//! First frames that are invalid, or valid and unusual.

use simplenet::ChannelPack;
use simplenet_tests::{
    attack::values,
    chat, raw,
    raw::{
        Hello, RawMismatch, RawPeer, Received, Refused,
        code::{TOO_BIG, VIOLATION},
        websocket,
    },
};

use super::{HONEST, HOSTILE, TYPING, TestServer, hello, say};

#[test]
fn raw_hello_matches_the_documented_one() {
    let golden = Hello {
        channel: "chat".into(),
        protocol: 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff,
        ..Hello::new::<chat::Chat>(7, raw::text("Ada"))
    };
    let bytes: String = golden.encode().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(bytes, "01010000046368617400112233445566778899aabbccddeeff00000704034164610000");
}

/// Sends these bytes after the upgrade, and returns the refusal. Asserts that the close has the
/// same code as the refusal, and that the server sends nothing else.
async fn refusal(
    test_server: &mut TestServer,
    websocket: impl FnOnce(&RawPeer) -> Vec<u8>,
) -> Refused {
    let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
    let bytes = websocket(&peer);
    peer.write(&bytes).await;
    let (refused, close) = peer.refused().await;
    assert_eq!(refused.version, 1);
    assert_eq!(refused.code, close);
    peer.finish().await;
    peer.end().await;
    test_server.assert_serves_alone().await;
    refused
}

#[tokio::test]
async fn invalid_hellos_are_refused() {
    let complete = hello(HOSTILE).encode();
    let mut frames = vec![
        b"GET / HTTP/1.1".to_vec(),
        vec![0x01],
        vec![0x01, 0x01],
        vec![0x01, 0x01, 0x00],
        complete[..complete.len() - 1].to_vec(),
        [&complete[..], &[0]].concat(),
        // Valid frames that are not a hello.
        raw::message(TYPING),
        raw::request(1, &say("first")),
        raw::ping(1),
        // Invalid fields.
        Hello { environment: 9, ..hello(HOSTILE) }.encode(),
        Hello { channel: "c".repeat(257), ..hello(HOSTILE) }.encode(),
        Hello { auth: raw::Auth::Secret(HOSTILE, vec![0; 1025]), ..hello(HOSTILE) }.encode(),
    ];
    let extensions = [
        vec![(0, vec![])],
        vec![(9, vec![]), (9, vec![])],
        vec![(1, vec![])],
        vec![(2, vec![0; 15])],
        (1..=33).map(|number| (number + 9, vec![])).collect(),
    ];
    frames.extend(extensions.map(|extensions| Hello { extensions, ..hello(HOSTILE) }.encode()));
    // The claimed length of the connect message exceeds the frame.
    let mut claimed_length = complete[..complete.len() - 10].to_vec();
    claimed_length.extend([0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0]);
    frames.push(claimed_length);
    frames.extend(values::misdirected_frames());
    let mut test_server = TestServer::new().await;
    for frame in frames {
        let refused = refusal(&mut test_server, |peer| peer.binary(&frame)).await;
        assert_eq!(refused.code, VIOLATION, "{frame:02x?}: {refused:?}");
    }
}

#[tokio::test]
async fn non_binary_first_message_is_refused() {
    let hello = hello(HOSTILE).encode();
    let mut test_server = TestServer::new().await;
    for frame in values::non_binary_messages(&hello) {
        let refused = refusal(&mut test_server, |_| frame.clone()).await;
        assert_eq!(refused.code, VIOLATION, "{frame:02x?}: {refused:?}");
    }
}

#[tokio::test]
async fn oversized_hello_is_refused_by_its_header() {
    let mut test_server = TestServer::new().await;
    let header = websocket::header(websocket::BINARY, 64 * 1024 + 1, true);
    assert_eq!(refusal(&mut test_server, |_| header).await.code, TOO_BIG);

    let form = Some("x".repeat(64 * 1024));
    let long = Hello { canonical: form, ..hello(HOSTILE) }.encode();
    assert_eq!(refusal(&mut test_server, |peer| peer.binary(&long)).await.code, TOO_BIG);
}

#[tokio::test]
async fn fragmented_hello_with_unknown_features_and_extensions_is_accepted() {
    let mut test_server = TestServer::new().await;
    let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
    let extensions = vec![(3, b"unknown".to_vec()), (u16::MAX, vec![0xff])];
    let hello = Hello { features: u64::MAX, extensions, ..hello(HOSTILE) }.encode();
    peer.send_websocket(websocket::BINARY_START, &hello[..1]).await;
    peer.send_websocket(websocket::PING, b"between").await;
    peer.send_websocket(websocket::CONTINUATION, &[]).await;
    peer.send_websocket(websocket::CONTINUATION_END, &hello[1..]).await;
    // The server supports no features.
    assert!(
        matches!(peer.receive().await, Received::Frame(frame) if frame.starts_with(&[0x41, 0]))
    );
    test_server.expect_connected().await;
}

#[tokio::test]
async fn other_wire_version_is_refused_with_the_servers_version() {
    let mut test_server = TestServer::new().await;
    for version in [0_u16, 2, 0xffff] {
        // The server must not read the bytes after the version.
        let frame = [&[0x01], &version.to_le_bytes()[..], b"unknown fields"].concat();
        let refused = refusal(&mut test_server, |peer| peer.binary(&frame)).await;
        let expected = Refused {
            version: 1,
            code: 4001,
            text: String::new(),
            retry_after_ms: None,
            mismatch: None,
        };
        assert_eq!(refused, expected);
    }
}

#[tokio::test]
async fn other_protocol_is_refused_with_the_servers_hash() {
    let mut test_server = TestServer::new().await;
    let server_protocol = chat::Chat::PROTOCOL;
    for (channel, protocol) in
        [("chat", !server_protocol.hash()), ("chess", server_protocol.hash()), ("", 0)]
    {
        let other = Hello { channel: channel.into(), protocol, ..hello(HOSTILE) };
        let refused = refusal(&mut test_server, |peer| peer.binary(&other.encode())).await;
        assert_eq!(refused.code, 4000);
        let RawMismatch { channel: server_channel, client_hash, server_hash, changes, .. } =
            refused.mismatch.unwrap();
        assert_eq!(server_channel, "chat");
        assert_eq!((client_hash, server_hash), (protocol, server_protocol.hash()));
        let names_channel = changes.iter().any(|change| {
            change.client.as_deref() == Some(channel) && change.server.as_deref() == Some("chat")
        });
        assert_eq!(names_channel, channel != "chat", "{changes:?}");
    }
}

#[tokio::test]
async fn protocol_authentication_and_connect_message_are_checked_in_order() {
    let mut test_server = TestServer::new().await;
    let bad_connect = Hello { connect: vec![0xff; 9], ..hello(HONEST) };
    // The protocol, the id and the connect message are invalid. The refusal names the protocol.
    let all_invalid = Hello { protocol: 0, ..bad_connect.clone() };
    assert_eq!(
        refusal(&mut test_server, |peer| peer.binary(&all_invalid.encode())).await.code,
        4000
    );
    // A malformed connect message is refused before the id is claimed.
    assert_eq!(
        refusal(&mut test_server, |peer| peer.binary(&bad_connect.encode())).await.code,
        VIOLATION
    );
    let trailing = Hello { connect: [raw::text("mallory"), vec![0]].concat(), ..hello(HOSTILE) };
    assert_eq!(
        refusal(&mut test_server, |peer| peer.binary(&trailing.encode())).await.code,
        VIOLATION
    );
}
