use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::Url;

use super::zone::literal_name;

/// Returns the URL at which a client on the same machine reaches a server that listens on
/// `address`.
///
/// A server that listens on all addresses is reached at the loopback address of the same family. A
/// URL cannot contain the zone of a link-local address, so a host name contains both.
pub(crate) fn url_of_listener(scheme: &str, address: SocketAddr) -> Url {
    let port = address.port();
    let url = match address {
        SocketAddr::V6(address) if needs_zone(address.ip()) && address.scope_id() != 0 => {
            format!("{scheme}://{}:{port}/", literal_name(*address.ip(), address.scope_id()))
        }
        address => format!("{scheme}://{}/", SocketAddr::new(reachable(address.ip()), port)),
    };
    #[expect(clippy::expect_used, reason = "every address and every such name is a valid host")]
    Url::parse(&url).expect("valid URL")
}

/// Returns the address of this machine at which a server with the address is reached.
fn reachable(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        address if address.to_canonical().is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        address => address.to_canonical(),
    }
}

/// Returns true for an address that exists on every link.
fn needs_zone(address: &Ipv6Addr) -> bool {
    address.is_unicast_link_local()
}
