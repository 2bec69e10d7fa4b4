//! Servers that violate the protocol. The client ends the session, or does not begin one. Then it
//! reconnects. Every request has exactly one outcome.

use std::time::Duration;

use simplenet::{CallError, ClientConfig, ClientReport, CloseReason, DeathReason, RequestStatus};
use simplenet_tests::{
    chat,
    harness::{client, client_event, connected, hello, soon},
    raw,
    raw::{
        RawPeer, RawServer, Received,
        code::{TOO_BIG, VIOLATION},
        websocket,
    },
};

/// The client's message limit. It is larger than the limit for the answer to a hello.
const LIMIT: usize = 128 * 1024;

/// The largest message that the client accepts: one frame with its length.
const MESSAGE_LIMIT: u64 = LIMIT as u64 + 5;

/// Creates a client that reconnects without delay.
fn reconnecting_client(server: &RawServer) -> chat::Client {
    let config = ClientConfig {
        reconnect_interval: Duration::ZERO,
        max_reconnect_interval: Duration::ZERO,
        max_msg_size: LIMIT,
        ..ClientConfig::default()
    };
    client(server.url(), 1).config(config).connect(hello())
}

async fn disconnected(client: &mut chat::Client) -> CloseReason {
    match client_event(client).await {
        chat::ClientEvent::Report(ClientReport::Disconnected(reason)) => reason,
        other => panic!("expected Disconnected, got {other:?}"),
    }
}

async fn dead(client: &mut chat::Client) -> DeathReason {
    match client_event(client).await {
        chat::ClientEvent::Report(ClientReport::IsDead(reason)) => {
            assert!(client.recv().await.is_none(), "an event follows `IsDead`");
            reason
        }
        other => panic!("expected IsDead, got {other:?}"),
    }
}

/// Accepts the client's next attempt, and asserts that the client's next event is `Connected`.
async fn accept_next_attempt(server: &RawServer, client: &mut chat::Client) -> RawPeer {
    let peer = server.welcomed().await;
    connected(client).await;
    peer
}

#[tokio::test]
async fn invalid_upgrade_is_retried() {
    let responses: [&[u8]; 6] = [
        b"",
        b"\x00\xff\x00\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        // The accept key of another handshake, followed by a welcome.
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
          Sec-WebSocket-Protocol: simplenet\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\
          \x82\x07\x41\x00\x01\x01\x01\x01\x01",
    ];
    for response in responses {
        let server = RawServer::bind().await;
        let mut client = reconnecting_client(&server);
        let mut peer = server.connected().await;
        peer.write(response).await;
        peer.finish().await;
        accept_next_attempt(&server, &mut client).await;
    }
}

#[tokio::test]
async fn invalid_welcome_is_retried() {
    let unmasked = |frame: &[u8]| websocket::frame(websocket::BINARY, frame, false);
    let welcome = [0x41, 0, 1, 10, 10, 100, 100, 0];
    let replies = [
        unmasked(&[]),
        unmasked(&[0xff]),
        unmasked(b"HTTP/1.1 200 OK"),
        unmasked(&welcome[..7]),
        // Extensions beyond the end, out of order, and without a value.
        unmasked(&[&welcome[..7], &[33]].concat()),
        unmasked(&[&welcome[..7], &[2, 5, 0, 5, 0]].concat()),
        unmasked(&[&welcome[..7], &[1, 5]].concat()),
        unmasked(&[&welcome[..], &[0]].concat()),
        // A number that is too large for its field.
        unmasked(&[&welcome[..3], &raw::varint(u64::MAX), &welcome[4..]].concat()),
        // Valid frames at the wrong time, and frames that only a client sends.
        unmasked(&[0x43, 1, 1, 1, b'a']),
        unmasked(&raw::ping(1)),
        unmasked(&[0x45, 1]),
        unmasked(&[0x47, 0]),
        unmasked(&[0x48, 0]),
        unmasked(&raw::message(&[0])),
        unmasked(&raw::Hello::new::<chat::Chat>(1, raw::text("ann")).encode()),
        // Malformed refusals.
        unmasked(&[0x42]),
        unmasked(&[0x42, 1, 0]),
        // A refusal for another schema without the hashes.
        unmasked(&[0x42, 1, 0, 0xfb, 0xa0, 0x0f, 0, 0, 0]),
        unmasked(&[
            0x42, 1, 0, 0xfb, 0xa0, 0x0f, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        ]),
        // A text message, a masked message, and a message with a reserved bit.
        websocket::frame(websocket::TEXT, b"welcome", false),
        websocket::frame(websocket::BINARY, &welcome, true),
        websocket::frame(websocket::BINARY | 0x10, &welcome, false),
        // Headers of messages that are too large. The client refuses a message by its header.
        websocket::header(websocket::BINARY, 64 * 1024 + 1, false),
        websocket::header(websocket::BINARY, MESSAGE_LIMIT + 1, false),
        websocket::header(websocket::BINARY, (1 << 63) - 1, false),
        // Closes without a terminal reason.
        websocket::frame(websocket::CLOSE, &websocket::close(1000, ""), false),
        websocket::frame(websocket::CLOSE, &websocket::close(4056, "no"), false),
    ];
    for reply in replies {
        let server = RawServer::bind().await;
        let mut client = reconnecting_client(&server);
        let mut peer = server.hello_received().await;
        peer.write(&reply).await;
        accept_next_attempt(&server, &mut client).await;
        assert!(client.is_connected(), "{reply:02x?}");
    }
}

#[tokio::test]
async fn malformed_reply_is_answered_with_the_reason() {
    for reply in [&[][..], &[0xff], &[0x42], &[0x43, 1, 1, 1, b'a']] {
        let server = RawServer::bind().await;
        let _client = reconnecting_client(&server);
        let mut peer = server.hello_received().await;
        peer.send(reply).await;
        assert_eq!(peer.close().await.0, VIOLATION, "{reply:02x?}");
    }
}

#[tokio::test]
async fn truncated_reply_is_retried() {
    for kept in [0, 1, 2, 4] {
        let server = RawServer::bind().await;
        let mut client = reconnecting_client(&server);
        let mut peer = server.hello_received().await;
        let welcome = peer.binary(&[0x41, 0, 1, 10, 10, 100, 100, 0]);
        peer.write(&welcome[..kept]).await;
        peer.finish().await;
        accept_next_attempt(&server, &mut client).await;
    }
}

#[tokio::test]
async fn missing_reply_times_out() {
    let server = RawServer::bind().await;
    let config = ClientConfig {
        connect_timeout: Duration::from_millis(200),
        reconnect_interval: Duration::ZERO,
        max_initial_connect_attempts: Some(2),
        ..ClientConfig::default()
    };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    let _silent = server.connected().await;
    let _also_silent = server.hello_received().await;
    match dead(&mut client).await {
        DeathReason::GaveUp { attempts: 2, last: simplenet::ConnectError::Timeout { .. } } => {}
        other => panic!("expected the attempts to time out, got {other:?}"),
    }
}

#[tokio::test]
async fn terminal_refusal_ends_the_client_with_a_printable_text() {
    let server = RawServer::bind().await;
    let mut client = reconnecting_client(&server);
    let mut peer = server.hello_received().await;
    // A kick whose text contains control characters of a terminal.
    let kicked =
        [&[0x42, 1, 0, 0xfb, 0xa4, 0x0f], &raw::text("\x1b[2Jbye\r\n")[..], &[0, 0]].concat();
    peer.send(&kicked).await;
    match dead(&mut client).await {
        DeathReason::Refused(CloseReason::Kicked(text)) => {
            assert_eq!(text, "\u{fffd}[2Jbye\u{fffd}\u{fffd}");
        }
        other => panic!("expected Refused, got {other:?}"),
    }
}

#[tokio::test]
async fn refusal_of_another_version_ends_the_client() {
    let server = RawServer::bind().await;
    let mut client = reconnecting_client(&server);
    server.hello_received().await.send(b"\x42\x02\x00the fields of version 2").await;
    match dead(&mut client).await {
        DeathReason::Refused(CloseReason::WireVersion { ours: 1, theirs: Some(2) }) => {}
        other => panic!("expected WireVersion, got {other:?}"),
    }
}

#[tokio::test]
async fn welcome_with_extreme_limits_is_clamped() {
    for limit in [0_u32, 1, u32::MAX] {
        let server = RawServer::bind().await;
        let mut client = reconnecting_client(&server);
        let mut peer = server.hello_received().await;
        let welcome = [
            vec![0x41],
            raw::varint(u64::MAX),
            raw::varint(u64::MAX),
            raw::varint(limit).repeat(4),
            vec![0],
        ];
        peer.send(&welcome.concat()).await;
        connected(&mut client).await;
        let signal = client.request(chat::Join { room: chat::RoomId(1) });
        if limit < 2 {
            // No message fits into the limit, so the request fails. The client raises the keepalive
            // timeout to the minimum, and soon times out.
            assert!(matches!(signal.status(), RequestStatus::SendFailed(_)));
            let mut ended = Vec::new();
            for _ in 0..2 {
                ended.push(client_event(&mut client).await);
            }
            assert!(ended.iter().any(
                |event| matches!(event, chat::ClientEvent::SendFailed(id, _) if *id == signal.id())
            ));
            assert!(ended.iter().any(|event| matches!(
                event,
                chat::ClientEvent::Report(ClientReport::Disconnected(CloseReason::Timeout))
            )));
            peer.finish().await;
            accept_next_attempt(&server, &mut client).await;
        } else {
            assert_eq!(peer.receive().await, Received::Frame(raw::request(1, &[0, 1])));
        }
    }
}

/// Sends these bytes from the server while two requests are in flight. Asserts that the session
/// ends, and that each request is lost exactly once. Returns the client's close code.
async fn assert_ends_the_session(violation: &[u8]) -> u16 {
    let server = RawServer::bind().await;
    let mut client = reconnecting_client(&server);
    let mut peer = accept_next_attempt(&server, &mut client).await;
    let signal = client.request(chat::Say { room: chat::RoomId(1), text: "hello".into() });
    let call = client.call(chat::Say { room: chat::RoomId(1), text: "hello".into() });
    assert!(
        matches!(peer.receive().await, Received::Frame(frame) if frame.starts_with(&[3, 1, 1]))
    );
    assert!(
        matches!(peer.receive().await, Received::Frame(frame) if frame.starts_with(&[3, 2, 1]))
    );
    // Frames after the violation are ignored.
    let late = peer.binary(&raw::response(1, &[1, 9]));
    peer.write(&[violation, &late].concat()).await;

    let reason = disconnected(&mut client).await;
    let expected = matches!(reason, CloseReason::ProtocolViolation(_) | CloseReason::MessageTooBig);
    assert!(expected, "{violation:02x?}: {reason:?}");
    match client_event(&mut client).await {
        chat::ClientEvent::ResponseLost(id) => assert_eq!(id, signal.id()),
        other => panic!("{violation:02x?}: expected ResponseLost, got {other:?}"),
    }
    assert_eq!(signal.status(), RequestStatus::ResponseLost);
    assert!(matches!(soon("the call", call).await, Err(CallError::ResponseLost)));
    let (code, _) = peer.close().await;
    // No event of the old session follows the `Connected` of the new session.
    accept_next_attempt(&server, &mut client).await;
    assert!(client.next().is_none());
    assert_eq!(signal.status(), RequestStatus::ResponseLost);
    code
}

#[tokio::test]
async fn misdirected_or_malformed_frame_from_a_server_ends_the_session() {
    let frames = [
        vec![],
        vec![0x00],
        vec![0xff],
        vec![0x41, 0, 1, 10, 10, 100, 100, 0],
        vec![0x42, 1, 0, 0xfb, 0xa0, 0x0f, 0, 0, 0],
        raw::message(&[0]),
        raw::request(1, &[0, 1]),
        vec![0x01, 0x01, 0x00],
        // Bodies with a missing or an extra byte.
        vec![0x10],
        vec![0x11, 1, 0],
        vec![0x44],
        vec![0x45],
        vec![0x45, 1, 0],
        vec![0x46, 1, 0],
        vec![0x47],
        vec![0x47, 2],
        vec![0x48],
        vec![0x48, 2],
        vec![0x48, 1],
        // Messages that do not decode.
        vec![0x43],
        vec![0x43, 2],
        vec![0x43, 1, 1, 200, b'x'],
        vec![0x43, 1, 1, 1, b'x', 0],
        // Answers with ids that belong to no request.
        raw::response(3, &[1, 1]),
        raw::response(0, &[1, 1]),
        vec![0x45, 3],
        vec![0x46, 200],
        // The response to a request of another type, and responses that do not decode.
        raw::response(1, &[0, 0, 0]),
        raw::response(1, &[]),
        raw::response(1, &[7]),
        raw::response(1, &[1]),
        raw::response(1, &[1, 1, 0]),
        raw::response(2, &[1, 1, 0]),
    ];
    for frame in frames {
        let violation = websocket::frame(websocket::BINARY, &raw::packed(&frame), false);
        assert_eq!(assert_ends_the_session(&violation).await, VIOLATION, "{frame:02x?}");
    }
}

#[tokio::test]
async fn non_binary_message_from_a_server_ends_the_session() {
    let message = raw::packed(&[0x43, 1, 1, 0]);
    let violations = [
        websocket::frame(websocket::TEXT, b"posted", false),
        websocket::frame(websocket::TEXT, &[0xff, 0xfe], false),
        websocket::frame(websocket::BINARY, &message, true),
        websocket::frame(websocket::BINARY | 0x20, &message, false),
        websocket::frame(websocket::CONTINUATION_END, &message, false),
        websocket::frame(websocket::PING, &[0; 126], false),
    ];
    for violation in violations {
        assert_eq!(assert_ends_the_session(&violation).await, VIOLATION, "{violation:02x?}");
    }
}

#[tokio::test]
async fn oversized_message_from_a_server_ends_the_session_by_its_header() {
    let header = websocket::header(websocket::BINARY, MESSAGE_LIMIT + 1, false);
    assert_eq!(assert_ends_the_session(&header).await, TOO_BIG);
}

#[tokio::test]
async fn second_answer_ends_the_session() {
    for (second, kind) in
        [(raw::response(1, &[1, 2]), "response"), (vec![0x45, 1], "ack"), (vec![0x46, 1], "reject")]
    {
        let server = RawServer::bind().await;
        let mut client = reconnecting_client(&server);
        let mut peer = accept_next_attempt(&server, &mut client).await;
        let signal = client.request(chat::Say { room: chat::RoomId(1), text: "hello".into() });
        peer.receive().await;
        let [first, second] = [raw::response(1, &[1, 1]), second].map(|frame| peer.binary(&frame));
        peer.write(&[first, second].concat()).await;
        match client_event(&mut client).await {
            chat::ClientEvent::Response(chat::ServerResponse::Say(response), id) => {
                assert_eq!((response.seq, id), (1, signal.id()));
            }
            other => panic!("{kind}: expected the response, got {other:?}"),
        }
        assert!(
            matches!(disconnected(&mut client).await, CloseReason::ProtocolViolation(_)),
            "{kind}"
        );
        peer.finish().await;
        accept_next_attempt(&server, &mut client).await;
        assert_eq!(signal.status(), RequestStatus::Responded);
    }
}

#[tokio::test]
async fn answer_to_an_earlier_session_ends_the_session() {
    let server = RawServer::bind().await;
    let mut client = reconnecting_client(&server);
    let mut peer = accept_next_attempt(&server, &mut client).await;
    let signal = client.request(chat::Say { room: chat::RoomId(1), text: "hello".into() });
    peer.receive().await;
    peer.finish().await;
    assert!(matches!(disconnected(&mut client).await, CloseReason::ConnectionLost(_)));
    assert!(matches!(client_event(&mut client).await, chat::ClientEvent::ResponseLost(_)));
    let mut peer = accept_next_attempt(&server, &mut client).await;
    peer.send(&raw::response(1, &[1, 1])).await;
    assert!(matches!(disconnected(&mut client).await, CloseReason::ProtocolViolation(_)));
    assert_eq!(signal.status(), RequestStatus::ResponseLost);
}

#[tokio::test]
async fn truncated_message_is_not_delivered() {
    let server = RawServer::bind().await;
    let mut client = reconnecting_client(&server);
    let mut peer = accept_next_attempt(&server, &mut client).await;
    let left = peer.binary(&[0x43, 1, 1, 3, b'b', b'o', b'b']);
    peer.write(&[&left[..], &left[..5]].concat()).await;
    peer.finish().await;
    match client_event(&mut client).await {
        chat::ClientEvent::Msg(chat::ServerMsg::Left(left)) => {
            assert_eq!(left, chat::Left(chat::RoomId(1), "bob".into()));
        }
        other => panic!("expected the complete message, got {other:?}"),
    }
    assert!(matches!(disconnected(&mut client).await, CloseReason::ConnectionLost(_)));
    accept_next_attempt(&server, &mut client).await;
}

#[tokio::test]
async fn close_codes_are_interpreted_as_documented() {
    for code in [1000_u16, 1001, 4004, 4049, 4051, 4099, 4100, 4999] {
        let server = RawServer::bind().await;
        let mut client = reconnecting_client(&server);
        let mut peer = accept_next_attempt(&server, &mut client).await;
        peer.send_websocket(websocket::CLOSE, &websocket::close(code, "text")).await;
        peer.finish().await;
        let report = client_event(&mut client).await;
        match (code, report) {
            // Terminal codes, known and unknown.
            (4004, chat::ClientEvent::Report(ClientReport::ClosedByServer(CloseReason::Kicked(_))))
            | (
                4049,
                chat::ClientEvent::Report(ClientReport::ClosedByServer(CloseReason::Other { .. })),
            )
            // The application's own codes, after which a client does not reconnect by default.
            | (
                4100 | 4999,
                chat::ClientEvent::Report(ClientReport::ClosedByServer(
                    CloseReason::Application { .. },
                )),
            ) => {
                assert!(matches!(dead(&mut client).await, DeathReason::SessionEnded(_)));
            }
            (1000 | 1001 | 4051 | 4099, chat::ClientEvent::Report(ClientReport::Disconnected(_))) => {
                accept_next_attempt(&server, &mut client).await;
            }
            (code, other) => panic!("{code}: {other:?}"),
        }
    }
}
