use simplenet_tests::raw::{RawPeer, RawServer};

/// Starts a server that runs the script for each connection, and returns its URL.
pub(super) async fn scripted<F>(script: impl Fn(RawPeer) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let server = RawServer::bind().await;
    let url = server.url().to_string();
    tokio::spawn(async move {
        loop {
            let peer = server.connected().await;
            tokio::spawn(script(peer));
        }
    });
    url
}

/// Starts a server that answers each request with these bytes and ends the connection.
pub(super) async fn answering(bytes: impl Into<Vec<u8>>) -> String {
    let bytes = bytes.into();
    scripted(move |mut peer| {
        let bytes = bytes.clone();
        async move {
            peer.http_head().await;
            peer.write(&bytes).await;
            peer.finish().await;
        }
    })
    .await
}

/// Starts a server that answers with this status and these headers.
pub(super) async fn with_status(status: u16, headers: &str) -> String {
    answering(format!("HTTP/1.1 {status} Status\r\nContent-Length: 0\r\n{headers}\r\n")).await
}
