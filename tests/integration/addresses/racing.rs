//! A client whose server has several addresses.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use simplenet::{ConnectError, net::Dial};
use simplenet_tests::harness::{client, connect_both, hello, server};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::{only_failure, text_of};

/// A listener whose queue is full, so that the operating system ignores further connections.
pub(super) struct Unresponsive {
    pub(super) address: SocketAddr,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

pub(super) async fn unresponsive_listener() -> Unresponsive {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await
    {
        queued.push(stream.unwrap());
        assert!(queued.len() < 1000, "the queue has no limit");
    }
    Unresponsive { address, _listener: listener, _queued: queued }
}

/// A resolver with fixed addresses.
struct Resolver(Vec<SocketAddr>);

impl Dial for Resolver {
    type Stream = TcpStream;

    async fn look_up(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(self.0.clone())
    }

    async fn open(&self, address: SocketAddr) -> io::Result<TcpStream> {
        TcpStream::connect(address).await
    }
}

fn unused() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn dead_address_delays_a_client_by_the_stagger_only() {
    let dead = unresponsive_listener().await;
    let mut server = server();
    let good = server.url().socket_addrs(|| None).unwrap()[0];
    let mut clients = Vec::new();
    for (id, addresses, at_least, name) in [
        (1, vec![dead.address, good], 250, "silent, then good"),
        (2, vec![unused(), good], 0, "refused, then good"),
        (3, vec![dead.address, unused(), good], 250, "silent, refused, then good"),
        (4, vec![good, dead.address], 0, "good, then silent"),
    ] {
        let began = Instant::now();
        let mut client = client("ws://example.org", id).connect_with(Resolver(addresses), hello());
        connect_both(&mut server, &mut client).await;
        let took = began.elapsed();
        println!("{name}: connected after {took:?}");
        assert!(took >= Duration::from_millis(at_least), "{name}: {took:?}");
        // Far below the timeout of an address.
        assert!(took < Duration::from_secs(5), "{name}: {took:?}");
        clients.push(client);
    }
}

/// `localhost` has an IPv6 and an IPv4 address on most machines.
#[tokio::test]
async fn server_on_one_family_of_localhost_is_reached() {
    let mut server = server();
    let port = server.url().port().unwrap();
    let mut client = client(format!("ws://localhost:{port}"), 1).connect(hello());
    connect_both(&mut server, &mut client).await;
}

#[tokio::test]
async fn error_names_each_address() {
    let port = unused().port();
    let error = only_failure(client(format!("ws://localhost:{port}"), 1)).await;
    let text = text_of(&error);
    println!("{text}");
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
    assert!(
        text.starts_with(&format!("cannot reach localhost:{port}: connection refused")),
        "{text}"
    );
}
