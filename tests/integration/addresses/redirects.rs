//! HTTP redirects, which a client follows only if its builder allows them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use simplenet::{ClientTls, ConnectError};
use simplenet_tests::{
    certificates::Authority,
    harness::{client, connect_both, hello, server},
    raw::RawPeer,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls::version::TLS13};

use super::{
    only_failure,
    scripted::{scripted, with_status},
    text_of,
};

#[tokio::test]
async fn redirects_are_followed_up_to_the_limit() {
    for status in [301, 302, 303, 307, 308] {
        let mut server = server();
        let http_url = server.url().as_str().replacen("ws", "http", 1);
        let first = with_status(status, &format!("Location: {http_url}\r\n")).await;
        let second = with_status(status, &format!("Location: {first}\r\n")).await;
        let mut followed = client(&second, 1).follow_redirects(2).connect(hello());
        connect_both(&mut server, &mut followed).await;

        let error = only_failure(client(&second, 2).follow_redirects(1)).await;
        println!("{status}: {}", text_of(&error));
        assert!(matches!(error, ConnectError::Redirected { .. }), "{error:?}");
        let error = only_failure(client(&second, 3)).await;
        let origin = first.trim_end_matches('/');
        assert!(
            matches!(&error, ConnectError::Http(refusal) if refusal.location().as_deref() == Some(origin)),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn unsuitable_redirects_are_not_followed() {
    for (status, location) in [
        (300, "ws://127.0.0.1:1/"),
        (304, "ws://127.0.0.1:1/"),
        (302, "ws://user:hunter2@127.0.0.1:1/"),
        (302, "ftp://127.0.0.1:1/"),
        (302, "ws://127.0.0.1:0/"),
        (302, "javascript:alert(1)"),
    ] {
        let url = with_status(status, &format!("Location: {location}\r\n")).await;
        let error = only_failure(client(&url, 1).follow_redirects(9)).await;
        println!("{status} {location}: {}", text_of(&error));
        assert!(matches!(error, ConnectError::Http(_)), "{location}: {error:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn endless_redirects_end_at_the_limit() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let url = scripted(move |mut peer: RawPeer| {
        let counted = counted.clone();
        async move {
            let head = peer.http_head().await;
            assert!(!head.contains("hunter2"), "{head}");
            counted.fetch_add(1, Ordering::Relaxed);
            peer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n").await;
            // The client sends its hello only to a server that upgrades.
            assert_eq!(peer.end().await, b"", "the client sends more than its request");
        }
    })
    .await;
    let secret = simplenet::AuthRequest::secret(1_u128, simplenet::Secret::new("hunter2"));
    let error = only_failure(client(&url, 1).auth(secret).follow_redirects(5)).await;
    println!("{}", text_of(&error));
    assert!(matches!(error, ConnectError::Redirected { .. }), "{error:?}");
    assert_eq!(requests.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn redirect_from_tls_to_plain_text_is_not_followed() {
    let authority = Authority::new("servers");
    let acceptor = TlsAcceptor::from(Arc::new(authority.server().rustls_server(&[&TLS13])));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("wss://{}", listener.local_addr().unwrap());
    let target = server();
    let location = target.url();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let tls = ClientTls::new().only_roots(authority.root());
    let text = text_of(&only_failure(client(&url, 1).tls(tls).follow_redirects(9)).await);
    println!("{text}");
    assert!(
        text.ends_with("a client does not follow it, because it leads from `wss://` to `ws://`")
    );
}
