use simplenet::Url;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::{RawPeer, Received, varint};
use crate::harness::soon;

/// A server whose frames the test chooses.
#[derive(Debug)]
pub struct RawServer(TcpListener);

impl RawServer {
    /// Listens on a free port.
    pub async fn bind() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    /// Returns the URL for clients.
    pub fn url(&self) -> Url {
        let address = self.0.local_addr().expect("a bound listener");
        Url::parse(&format!("ws://{address}/")).expect("a URL")
    }

    /// Accepts the next TCP connection.
    pub async fn connected(&self) -> RawPeer {
        let (stream, _) = soon("a client", self.0.accept()).await.expect("a connection");
        RawPeer::new(stream, false)
    }

    /// Accepts the next client, and upgrades its connection.
    pub async fn upgraded(&self) -> RawPeer {
        let mut peer = self.connected().await;
        let head = peer.http_head().await;
        peer.write(Self::upgrade_response(&head).as_bytes()).await;
        peer
    }

    /// Returns the response that upgrades the connection of a request.
    pub fn upgrade_response(head: &str) -> String {
        let key = head
            .lines()
            .find_map(|line| {
                line.split_once(": ")
                    .filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"))
            })
            .map(|(_, key)| derive_accept_key(key.as_bytes()))
            .expect("a key");
        format!(
            "HTTP/1.1 101 Switching Protocols\r\n\
             Connection: Upgrade\r\n\
             Upgrade: websocket\r\n\
             Sec-WebSocket-Protocol: simplenet\r\n\
             Sec-WebSocket-Accept: {key}\r\n\r\n"
        )
    }

    /// Accepts the next client, and receives its hello.
    pub async fn hello_received(&self) -> RawPeer {
        let mut peer = self.upgraded().await;
        match peer.receive().await {
            Received::Frame(frame) if frame.starts_with(&[0x01, 0x01, 0x00]) => peer,
            other => panic!("expected a hello, got {other:02x?}"),
        }
    }

    /// Accepts the next client, and sends it a welcome.
    pub async fn welcomed(&self) -> RawPeer {
        let mut peer = self.hello_received().await;
        peer.send(&welcome()).await;
        peer
    }
}

/// Encodes a welcome. It allows the client to send frames of up to 1 MiB, and 256 requests in
/// flight. Heartbeats are due once a day.
fn welcome() -> Vec<u8> {
    const DAY_MS: u32 = 24 * 60 * 60 * 1000;
    let limits = [1024 * 1024, 256, DAY_MS, DAY_MS].map(varint);
    [&[0x41, 0x00, 0x01], &limits.concat()[..], &[0]].concat()
}
