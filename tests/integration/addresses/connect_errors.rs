//! A table of the errors of TCP, HTTP, the WebSocket upgrade and the server's refusal.

use std::time::Duration;

use simplenet::{CloseReason, wire::encode_refused};
use simplenet_tests::{
    harness::{client, unused_url},
    raw::{RawPeer, RawServer, websocket},
};
use tokio::net::TcpListener;

use super::{
    only_failure,
    scripted::{answering, scripted, with_status},
    text_of,
};

/// Prints and checks a row: the error of a client that connects to `url`. `ADDRESS` in the expected
/// text stands for host and port of the URL, and `..` at its end for any text.
async fn check(name: &str, url: &str, is_terminal: bool, expected: &str) {
    let error = only_failure(client(url, 1)).await;
    let text = text_of(&error);
    let end = if is_terminal { "ends" } else { "tries again" };
    println!("{name}: {text} [the client {end}]");
    let address = url.trim_start_matches("ws://").trim_end_matches('/');
    let expected = expected.replace("ADDRESS", address);
    match expected.strip_suffix("..") {
        Some(beginning) => assert!(text.starts_with(beginning), "{name}: {text}"),
        None => assert_eq!(text, expected, "{name}"),
    }
    assert_eq!(error.is_terminal(), is_terminal, "{name}");
}

#[tokio::test]
async fn unreachable_servers_are_explained() {
    check(
        "unknown name",
        "ws://nowhere.invalid/",
        false,
        "cannot find an address of the host `nowhere.invalid`: ..",
    )
    .await;
    check(
        "nobody listens",
        &unused_url(),
        false,
        "cannot reach ADDRESS: connection refused: no server listens on this port",
    )
    .await;
    check(
        "link-local address without zone",
        "ws://[fe80::1]:9",
        false,
        "cannot reach [fe80::1]:9: a link-local address requires the zone of a network interface, \
         as in `[fe80::1%eth0]`",
    )
    .await;
    #[cfg(target_os = "linux")]
    check(
        "multicast address",
        "ws://224.0.0.1:9",
        false,
        "cannot reach 224.0.0.1:9: network unreachable: check the network of this machine",
    )
    .await;
}

/// Starts a server that closes each connection without reading, which resets it.
async fn resetting() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.peek(&mut [0]).await;
        }
    });
    url
}

#[tokio::test]
async fn connections_that_end_are_explained() {
    let closed = "handshake failed: the server closed the connection before it answered the \
                  upgrade: check the port; if it speaks TLS, write `wss://`; if the server limits \
                  connections per address, this address may have too many";
    check("closed after the request", &answering("").await, false, closed).await;
    check("half an answer", &answering("HTTP/1.1 101 Swi").await, false, closed).await;
    check(
        "reset",
        &resetting().await,
        false,
        "handshake failed: the connection ended before the server answered the upgrade: \
         connection reset by the peer",
    )
    .await;
}

const SWITCHING: &str = "HTTP/1.1 101 Switching Protocols\r\n";
const ACCEPT: &str = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

#[tokio::test]
async fn answers_that_are_no_websocket_are_explained() {
    let header = |name| {
        format!(
            "handshake failed: the answer to the upgrade has no valid header `{name}`: the server \
             is no WebSocket server, or a proxy before it does not support WebSockets"
        )
    };
    let not_http =
        "handshake failed: the server does not speak HTTP on this port: check the port".to_owned();
    let too_large = "handshake failed: the answer to the upgrade is too large: check whether this \
                     is a simplenet server"
        .to_owned();
    let many_headers = format!("{SWITCHING}{}\r\n", "X: 1\r\n".repeat(1000));
    let large_header = format!("{SWITCHING}X: {}", "x".repeat(200_000));
    let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
    for (name, answer, expected) in [
        ("SSH", "SSH-2.0-OpenSSH_9.6\r\n".to_owned(), not_http.clone()),
        ("binary", "\u{0}\u{1}\u{2}\r\n\r\n".to_owned(), not_http.clone()),
        ("status 1000", "HTTP/1.1 1000 Status\r\n\r\n".to_owned(), not_http),
        (
            "HTTP/1.0",
            "HTTP/1.0 200 OK\r\n\r\n".to_owned(),
            "handshake failed: the server answers in HTTP/1.0, which has no WebSockets: check the \
             port"
                .to_owned(),
        ),
        (
            "a TLS alert",
            "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{32}".to_owned(),
            "handshake failed: this port seems to speak TLS: try `wss://`".to_owned(),
        ),
        ("too many headers", many_headers, too_large.clone()),
        ("too large header", large_header, too_large),
        ("no Upgrade", format!("{SWITCHING}\r\n"), header("Upgrade")),
        ("no Connection", format!("{SWITCHING}Upgrade: websocket\r\n\r\n"), header("Connection")),
        ("no accept key", format!("{SWITCHING}{upgrade}\r\n"), header("Sec-WebSocket-Accept")),
        (
            "wrong accept key",
            format!("{SWITCHING}{upgrade}{ACCEPT}\r\n"),
            header("Sec-WebSocket-Accept"),
        ),
    ] {
        check(name, &answering(answer).await, false, &expected).await;
    }
}

/// Starts a server that upgrades each connection, without a subprotocol or with another one.
async fn with_subprotocol(line: &'static str) -> String {
    scripted(move |mut peer| async move {
        let head = peer.http_head().await;
        let answer = RawServer::upgrade_response(&head);
        peer.write(answer.replace("Sec-WebSocket-Protocol: simplenet\r\n", line).as_bytes()).await;
        peer.finish().await;
    })
    .await
}

/// Starts a server that upgrades each connection, and then runs the script.
async fn upgrading<F>(script: impl Fn(RawPeer) -> F + Clone + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    scripted(move |mut peer| {
        let script = script.clone();
        async move {
            let head = peer.http_head().await;
            peer.write(RawServer::upgrade_response(&head).as_bytes()).await;
            script(peer).await;
        }
    })
    .await
}

#[tokio::test]
async fn websocket_servers_of_other_protocols_are_explained() {
    let subprotocol = "handshake failed: the answer to the upgrade lacks the subprotocol \
                       `simplenet`: this is no simplenet server, or a proxy before it drops the \
                       header `Sec-WebSocket-Protocol`";
    check("no subprotocol", &with_subprotocol("").await, false, subprotocol).await;
    let other = with_subprotocol("Sec-WebSocket-Protocol: chat\r\n").await;
    check("another subprotocol", &other, false, subprotocol).await;

    let protocol = |reason: &str| {
        format!("handshake failed: the server does not speak simplenet's protocol: {reason}")
    };
    let closing = upgrading(|mut peer| async move { peer.finish().await }).await;
    check(
        "closed before the welcome",
        &closing,
        false,
        "handshake failed: the connection ended before the server accepted the client: ..",
    )
    .await;
    let text = upgrading(|mut peer| async move {
        peer.send_websocket(websocket::TEXT, b"hello").await;
        peer.finish().await;
    })
    .await;
    check("a text message", &text, false, &protocol("protocol violation: text message: ..")).await;
    let garbage = upgrading(|mut peer| async move {
        peer.send_websocket(websocket::BINARY, &[0xff, 1, 2]).await;
        peer.finish().await;
    })
    .await;
    check("an unknown frame", &garbage, false, &protocol("..")).await;
    let large = upgrading(|mut peer| async move {
        peer.write(&websocket::header(websocket::BINARY, 1 << 20, false)).await;
        peer.finish().await;
    })
    .await;
    check("a large answer", &large, false, &protocol("message too big: ..")).await;
}

#[tokio::test]
async fn refusals_are_explained() {
    let wait = Some(Duration::from_secs(3));
    for (reason, expected) in [
        (CloseReason::ServerFull { retry_after: wait }, "the server is full; try again in 3s"),
        (CloseReason::ServerFull { retry_after: None }, "the server is full"),
        (CloseReason::DuplicateId, "a client with this id is connected already"),
        (CloseReason::Draining { retry_after: None }, "the server is going away"),
        (CloseReason::RateLimited { retry_after: None }, "rate limit exceeded: send less often"),
        (CloseReason::ShutDown, "the server has shut down"),
        (CloseReason::Timeout, "timed out waiting for the other side"),
        (CloseReason::MessageTooBig, "message too big: .."),
        (CloseReason::kicked("enough"), "kicked by the server: enough"),
        (CloseReason::AuthenticationRefused(String::new()), "authentication refused"),
        (
            CloseReason::Application { code: 7, text: "later".into() },
            "closed by the application with code 7: later",
        ),
        (
            CloseReason::ProtocolMismatch(Box::default()),
            "client and server were built from different schemas..",
        ),
        (CloseReason::WireVersion { ours: 2, theirs: None }, "wire version 1 here, .."),
    ] {
        let frame = encode_refused(&reason);
        let url = upgrading(move |mut peer| {
            let frame = frame.clone();
            async move {
                peer.send_websocket(websocket::BINARY, &frame).await;
                peer.finish().await;
            }
        })
        .await;
        let name = format!("refusal {}", reason.close_code());
        check(&name, &url, reason.is_terminal(), &format!("refused: {expected}")).await;
    }
}

#[tokio::test]
async fn http_statuses_are_explained() {
    let path = ": check the path of the URL, and the server's route";
    let proxy = ": check whether the server is running";
    let log = ": see the log of the server or proxy";
    let redirect = ": use the target as URL, or allow redirects with `follow_redirects`";
    let no_target = ", but to no URL that a client can use: check host and path of the URL";
    let unavailable = "the server is full, shut down or overloaded (HTTP 503)";
    #[rustfmt::skip]
    let table: &[(u16, &str, bool, String)] = &[
        (200, "", false, format!("the server answered with a page, not with a channel, at `/chat` (HTTP 200){path}")),
        (204, "", false, format!("the server answered with a page, not with a channel, at `/chat` (HTTP 204){path}")),
        (301, "Location: https://example.org/chat?secret\r\n", false, format!("the server redirects the client to `wss://example.org` (HTTP 301){redirect}")),
        (302, "Location: http://example.org:8080\r\n", false, format!("the server redirects the client to `ws://example.org:8080` (HTTP 302){redirect}")),
        (303, "", false, format!("the server redirects the client (HTTP 303){no_target}")),
        (307, "Location: https://user:hunter2@example.org/\r\n", false, format!("the server redirects the client (HTTP 307){no_target}")),
        (308, "Location: /login\r\n", false, format!("the server redirects the client to `ws://ADDRESS` (HTTP 308){redirect}")),
        (400, "", false, "the server did not understand the upgrade request (HTTP 400): a proxy before it may not pass WebSockets on, or the port may require `wss://`".into()),
        (401, "", true, "the HTTP server requests credentials of its own (HTTP 401): let the proxy before the server pass WebSocket requests, because simplenet authenticates in its own handshake".into()),
        (403, "", true, "the HTTP server forbids the connection (HTTP 403): the origin of the page may be missing in `allowed_origins`, or a proxy may not allow this address".into()),
        (404, "", false, format!("the server has no channel at the path `/chat` (HTTP 404){path}")),
        (405, "", true, format!("the resource at the path `/chat` is no channel (HTTP 405){path}")),
        (407, "", false, "a proxy requests credentials (HTTP 407): simplenet does not log in at proxies".into()),
        (408, "", false, "the server received no complete request in time (HTTP 408): check the network".into()),
        (410, "", true, format!("the channel at the path `/chat` is gone for good (HTTP 410){path}")),
        (418, "", false, format!("the HTTP server rejected the request (HTTP 418){log}")),
        (421, "", false, "the server is not responsible for this host (HTTP 421): check the host of the URL".into()),
        (426, "", true, "the server received no valid WebSocket upgrade (HTTP 426): a proxy before it may drop the headers `Connection` and `Upgrade`, or the server requires another WebSocket version".into()),
        (429, "", false, "the server received too many requests (HTTP 429)".into()),
        (429, "Retry-After: 20\r\n", false, "the server received too many requests (HTTP 429); try again in 20s".into()),
        (500, "", false, "the server failed (HTTP 500): see its log".into()),
        (501, "", true, "the server has no WebSockets (HTTP 501): check host and port".into()),
        (502, "", false, format!("the proxy received no valid answer from the server (HTTP 502){proxy}")),
        (503, "", false, unavailable.into()),
        (503, "Retry-After: 86400\r\n", false, format!("{unavailable}; try again in 3600s")),
        (503, "Retry-After: never\r\n", false, unavailable.into()),
        (503, "Date: Sat, 28 Nov 2020 12:00:00 GMT\r\nRetry-After: Sat, 28 Nov 2020 12:00:30 GMT\r\n", false, format!("{unavailable}; try again in 30s")),
        (504, "", false, format!("the proxy received no answer from the server in time (HTTP 504){proxy}")),
        (505, "", true, "the server does not support HTTP/1.1 (HTTP 505): check host and port".into()),
        (511, "", false, "the network requires a login (HTTP 511): open a web page to log in".into()),
        (599, "", false, format!("the HTTP server failed (HTTP 599){log}")),
        (999, "", false, format!("the server answered the upgrade with an unexpected status (HTTP 999){log}")),
    ];
    for (status, headers, is_terminal, expected) in table {
        let url = with_status(*status, headers).await;
        let address = url.trim_start_matches("ws://").trim_end_matches('/');
        let expected = expected.replace("ADDRESS", address);
        let name = format!("HTTP {status} {}", headers.trim_end());
        check(&name, &format!("{url}chat?token=hunter2"), *is_terminal, &expected).await;
    }
}
