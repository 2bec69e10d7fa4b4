//! An axum application under TLS, whose page and channel share one acceptor.

use std::{net::SocketAddr, sync::Arc};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use simplenet::{ClientId, ClientTls, ServerConfig, Url};
use simplenet_tests::{
    certificates::Authority,
    harness::{accept, client, connected, hello, soon},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::version::{TLS12, TLS13};

use super::{App, parts};
use crate::tls::{raw_config, raw_connect};

#[tokio::test]
async fn page_and_channel_share_one_tls_acceptor() {
    let authority = Authority::new("servers");
    let mut tls = authority.server().rustls_server(&[&TLS12, &TLS13]);
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let (server, router) = parts(ServerConfig::default());
    let handle = Handle::new();
    let listening = SocketAddr::from(([127, 0, 0, 1], 0));
    let application = axum_server::bind_rustls(listening, RustlsConfig::from_config(Arc::new(tls)))
        .handle(handle.clone())
        .serve(router.into_make_service_with_connect_info::<SocketAddr>());
    let serving = tokio::spawn(async move { application.await.unwrap() });
    let address = soon("a port", handle.listening()).await.unwrap();
    let url: Url = format!("wss://{address}/chat").parse().unwrap();
    let mut app = App { server, url: url.clone(), serving };

    let trusting = ClientTls::new().only_roots(authority.root());
    let mut client = client(url.clone(), 1).tls(trusting).connect(hello());
    let (id, peer) = accept(&mut app.server).await;
    assert_eq!(id, ClientId::new(1));
    assert_eq!(peer.address.unwrap().ip(), address.ip());
    connected(&mut client).await;
    app.assert_serves(&client).await;

    let mut page = raw_connect(&url, raw_config(&authority, &[&TLS13])).await.unwrap();
    page.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut response = String::new();
    soon("the page", page.read_to_string(&mut response)).await.unwrap();
    assert!(
        response.starts_with("HTTP/1.1 200 ") && response.ends_with("\r\n\r\nthe page"),
        "{response}"
    );
    app.assert_serves(&client).await;
}
