//! First frames that begin no session.

use simplenet::ChannelPack;
use simplenet_tests::{
    chat, raw,
    raw::{
        Hello, RawMismatch, RawPeer, Received, Refused,
        code::{TOO_BIG, VIOLATION},
        websocket,
    },
};

use super::{HONEST, STRANGER, Stage, TYPING, hello, say};

#[test]
fn the_hello_by_hand_is_the_documented_one() {
    let golden = Hello {
        channel: "chat".into(),
        protocol: 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff,
        ..Hello::new::<chat::Chat>(7, raw::text("Ada"))
    };
    let bytes: String = golden.encode().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(bytes, "01010000046368617400112233445566778899aabbccddeeff000007040341646100");
}

/// The frame is refused with this code, before anything else is said.
async fn refused(stage: &mut Stage, websocket: impl FnOnce(&RawPeer) -> Vec<u8>) -> Refused {
    let mut peer = RawPeer::upgraded(&stage.server.url()).await;
    let bytes = websocket(&peer);
    peer.write(&bytes).await;
    let (refused, close) = peer.refused().await;
    assert_eq!(refused.version, 1);
    assert_eq!(refused.code, close);
    peer.finish().await;
    peer.end().await;
    stage.holds_alone().await;
    refused
}

#[tokio::test]
async fn whatever_is_no_hello_is_refused() {
    let whole = hello(STRANGER).encode();
    let mut frames = vec![
        vec![],
        vec![0xff],
        b"GET / HTTP/1.1".to_vec(),
        vec![0x01],
        vec![0x01, 0x01],
        vec![0x01, 0x01, 0x00],
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], &[0]].concat(),
        // Before its time.
        raw::message(TYPING),
        raw::request(1, &say("first")),
        raw::ping(1),
        // What only a server may say.
        vec![0x41, 0, 1, 0, 0, 0, 0],
        vec![0x42, 1, 0, 0, 0, 0, 0],
        raw::response(1, &[1, 1]),
        vec![0x47, 0],
        // Fields that are none.
        Hello { environment: 9, ..hello(STRANGER) }.encode(),
        Hello { channel: "c".repeat(257), ..hello(STRANGER) }.encode(),
        Hello { auth: raw::Auth::Secret(STRANGER, vec![0; 1025]), ..hello(STRANGER) }.encode(),
    ];
    // A connect message that claims more than there is.
    let mut claims = whole[..whole.len() - 9].to_vec();
    claims.extend([0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]);
    frames.push(claims);
    let mut stage = Stage::new().await;
    for frame in frames {
        let refused = refused(&mut stage, |peer| peer.binary(&frame)).await;
        assert_eq!(refused.code, VIOLATION, "{frame:02x?}: {refused:?}");
    }
}

#[tokio::test]
async fn whatever_is_no_binary_frame_is_refused() {
    let hello = hello(STRANGER).encode();
    let frames = [
        websocket::frame(websocket::TEXT, b"hello", true),
        websocket::frame(websocket::TEXT, &[0xff, 0xfe], true),
        // Not masked, as a client has to.
        websocket::frame(websocket::BINARY, &hello, false),
        // A reserved bit, a reserved opcode.
        websocket::frame(websocket::BINARY | 0x40, &hello, true),
        websocket::frame(0x83, &hello, true),
        // The end of what never began; a ping in two parts; a ping that is too long.
        websocket::frame(websocket::ENDS, &hello, true),
        websocket::frame(0x09, b"ping", true),
        websocket::frame(websocket::PING, &[0; 126], true),
        // A second message within the first.
        [
            websocket::frame(websocket::BINARY_BEGINS, &hello[..9], true),
            websocket::frame(websocket::BINARY, &hello, true),
        ]
        .concat(),
    ];
    let mut stage = Stage::new().await;
    for frame in frames {
        let refused = refused(&mut stage, |_| frame.clone()).await;
        assert_eq!(refused.code, VIOLATION, "{frame:02x?}: {refused:?}");
    }
}

#[tokio::test]
async fn a_hello_that_is_too_big_is_refused_before_it_comes() {
    let mut stage = Stage::new().await;
    let header = websocket::header(websocket::BINARY, 64 * 1024 + 1, true);
    assert_eq!(refused(&mut stage, |_| header).await.code, TOO_BIG);

    let form = Some("x".repeat(64 * 1024));
    let long = Hello { canonical: form, ..hello(STRANGER) }.encode();
    assert_eq!(refused(&mut stage, |peer| peer.binary(&long)).await.code, TOO_BIG);
}

#[tokio::test]
async fn a_hello_in_parts_and_with_unknown_features_is_a_hello() {
    let mut stage = Stage::new().await;
    let mut peer = RawPeer::upgraded(&stage.server.url()).await;
    let hello = Hello { features: u64::MAX, ..hello(STRANGER) }.encode();
    peer.send_websocket(websocket::BINARY_BEGINS, &hello[..1]).await;
    peer.send_websocket(websocket::PING, b"between").await;
    peer.send_websocket(websocket::CONTINUES, &[]).await;
    peer.send_websocket(websocket::ENDS, &hello[1..]).await;
    // Features: none of those that were offered.
    assert!(
        matches!(peer.receive().await, Received::Frame(frame) if frame.starts_with(&[0x41, 0]))
    );
    stage.stranger_connects().await;
}

#[tokio::test]
async fn another_wire_version_is_told_ours_and_nothing_else() {
    let mut stage = Stage::new().await;
    for version in [0_u16, 2, 0xffff] {
        // What follows the version is that version's own.
        let frame = [&[0x01], &version.to_le_bytes()[..], b"whatever"].concat();
        let refused = refused(&mut stage, |peer| peer.binary(&frame)).await;
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
async fn another_protocol_is_told_which_is_ours() {
    let mut stage = Stage::new().await;
    let ours = chat::Chat::PROTOCOL;
    for (channel, protocol) in [("chat", !ours.hash()), ("chess", ours.hash()), ("", 0)] {
        let other = Hello { channel: channel.into(), protocol, ..hello(STRANGER) };
        let refused = refused(&mut stage, |peer| peer.binary(&other.encode())).await;
        assert_eq!(refused.code, 4000);
        let RawMismatch { channel: told, client_hash, server_hash, changes, .. } =
            refused.mismatch.unwrap();
        assert_eq!(told, "chat");
        assert_eq!((client_hash, server_hash), (Some(protocol), Some(ours.hash())));
        let names_it = changes.iter().any(|change| {
            change.client.as_deref() == Some(channel) && change.server.as_deref() == Some("chat")
        });
        assert_eq!(names_it, channel != "chat", "{changes:?}");
    }
}

#[tokio::test]
async fn protocol_comes_before_authentication_and_that_before_the_connect_message() {
    let mut stage = Stage::new().await;
    let bad_connect = Hello { connect: vec![0xff; 9], ..hello(HONEST) };
    // Wrong in everything: only the first point is answered.
    let wrong = Hello { protocol: 0, ..bad_connect.clone() };
    assert_eq!(refused(&mut stage, |peer| peer.binary(&wrong.encode())).await.code, 4000);
    // A malformed connect message does not even come to ask for the id.
    assert_eq!(
        refused(&mut stage, |peer| peer.binary(&bad_connect.encode())).await.code,
        VIOLATION
    );
    let trailing = Hello { connect: [raw::text("mallory"), vec![0]].concat(), ..hello(STRANGER) };
    assert_eq!(refused(&mut stage, |peer| peer.binary(&trailing.encode())).await.code, VIOLATION);
}
