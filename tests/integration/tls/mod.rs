//! Servers and clients under TLS, over real sockets, with certificates made for the test.

use simplenet::{AcceptorConfig, ClientTls, RustlsAcceptor, ServerConfig, ServerTls};
use simplenet_tests::{
    certificates::Authority,
    chat,
    harness::{client, hello, meet, talk},
};

/// A server under TLS on a free port.
fn server(acceptor: AcceptorConfig) -> chat::Server {
    server_with(acceptor, ServerConfig::default())
}

fn server_with(acceptor: AcceptorConfig, config: ServerConfig) -> chat::Server {
    chat::Server::builder().acceptor(acceptor).config(config).bind("127.0.0.1:0").unwrap()
}

fn rustls(settings: ServerTls) -> AcceptorConfig {
    AcceptorConfig::Rustls(RustlsAcceptor::new(settings).unwrap())
}

#[tokio::test]
async fn a_client_that_trusts_the_root_talks_to_the_server() {
    let authority = Authority::new("ours");
    let mut server = server(rustls(authority.server().server_tls()));
    assert_eq!(server.url().scheme(), "wss");
    let mut client =
        client(server.url(), 1).tls(ClientTls::new().only_roots(authority.root())).connect(hello());
    let peer = meet(&mut server, &mut client).await;
    assert_eq!(peer.tls, None);
    talk(&mut server, &client).await;
}
