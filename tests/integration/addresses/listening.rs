//! The addresses that a server listens on, its URL, and the errors of `bind`.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use simplenet::BindError;
use simplenet_tests::{
    chat,
    harness::{client, connect_both, hello, round_trip},
};

use super::text_of;

fn bind(address: impl ToSocketAddrs + std::fmt::Debug) -> Result<chat::Server, BindError> {
    chat::Server::builder().bind(address)
}

/// Returns a link-local address of this machine with its zone, if the machine has one.
fn link_local() -> Option<String> {
    let interfaces = std::fs::read_to_string("/proc/net/if_inet6").ok()?;
    let line = interfaces.lines().find(|line| line.starts_with("fe80"))?;
    let mut fields = line.split_whitespace();
    let (address, index) = (fields.next()?, fields.next()?);
    let groups: Vec<&str> = (0..8).map(|group| &address[4 * group..4 * group + 4]).collect();
    Some(format!("[{}%{}]:0", groups.join(":"), u32::from_str_radix(index, 16).ok()?))
}

#[tokio::test]
async fn client_of_the_same_machine_connects_to_the_url_of_the_server() {
    let mut addresses = vec!["127.0.0.1:0".to_owned(), "0.0.0.0:0".into(), "localhost:0".into()];
    if TcpListener::bind("[::1]:0").is_ok() {
        addresses.extend(["[::1]:0", "[::]:0", "[::1%1]:0"].map(str::to_owned));
    } else {
        println!("skipped: this machine has no IPv6");
    }
    match link_local() {
        Some(address) => addresses.push(address),
        None => println!("skipped: this machine has no link-local address"),
    }
    for (address, id) in addresses.iter().zip(1..) {
        let mut server = bind(address.as_str()).unwrap();
        let url = server.url();
        println!("bind({address:?}): {url}");
        let mut client = client(&url, id).connect(hello());
        connect_both(&mut server, &mut client).await;
        round_trip(&mut server, &client).await;
    }
}

#[tokio::test]
async fn server_on_all_ipv6_addresses_accepts_ipv4_clients() {
    let Ok(mut server) = bind("[::]:0") else {
        println!("skipped: this machine has no IPv6");
        return;
    };
    let mut ipv4 = server.url();
    ipv4.set_host(Some("127.0.0.1")).unwrap();
    let mut client = client(&ipv4, 1).connect(hello());
    connect_both(&mut server, &mut client).await;
}

#[tokio::test]
async fn first_usable_address_is_listened_on() {
    let used = TcpListener::bind("127.0.0.1:0").unwrap();
    let foreign: SocketAddr = "192.0.2.1:0".parse().unwrap();
    let addresses = [foreign, used.local_addr().unwrap(), "127.0.0.1:0".parse().unwrap()];
    let mut server = bind(&addresses[..]).unwrap();
    let mut client = client(server.url(), 1).connect(hello());
    connect_both(&mut server, &mut client).await;

    // Without a usable address, the error is that of the last one.
    let error = bind(&addresses[..2]).map(|_| ()).unwrap_err();
    assert!(
        matches!(error, BindError::Listen { address, .. } if address == addresses[1]),
        "{error}"
    );
}

#[tokio::test]
async fn refused_address_is_explained() {
    let used = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let _used = TcpListener::bind(used).unwrap();
    let port = used.port();
    for (address, expected) in [
        (
            used.to_string(),
            format!(
                "cannot listen on {used}: another program listens on port {port}: end it, or \
                 choose another port (0 for any free port)"
            ),
        ),
        (
            "192.0.2.1:9000".to_owned(),
            "cannot listen on 192.0.2.1:9000: this machine does not have the address: write \
             `0.0.0.0:9000` for all of its IPv4 addresses, or `[::]:9000` for all"
                .to_owned(),
        ),
        (
            "[fe80::1]:9000".to_owned(),
            "cannot listen on [fe80::1]:9000: a link-local address requires the zone of a network \
             interface of this machine, as in `[fe80::1%2]:9000`"
                .to_owned(),
        ),
    ] {
        let error = bind(address.as_str()).map(|_| ()).unwrap_err();
        println!("bind({address:?}): {}", text_of(&error));
        assert_eq!(error.to_string(), expected, "{address}");
    }
    let none: &[SocketAddr] = &[];
    let error = bind(none).map(|_| ()).unwrap_err();
    assert!(matches!(error, BindError::Address { .. }), "{error:?}");
}
