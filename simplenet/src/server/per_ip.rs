use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex},
};

use crate::sync::lock;

/// Counts the connections of each IP address, where that is limited.
#[derive(Clone, Debug)]
pub(super) struct PerIp {
    limit: Option<usize>,
    connections: Arc<Mutex<BTreeMap<Site, usize>>>,
}

/// One counted connection.
#[derive(Debug)]
pub(super) struct IpSlot {
    per_ip: PerIp,
    site: Option<Site>,
}

/// Whoever counts as one: an IPv4 address, or an IPv6 network of 64 bits, which is what one subscriber is given at least
/// (RFC 6177).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Site(IpAddr);

impl From<IpAddr> for Site {
    fn from(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
            }
            address => address,
        })
    }
}

impl PerIp {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, connections: Arc::default() }
    }

    /// A place for one more connection, if there is one; a connection without an address always has one.
    pub(super) fn slot(&self, ip: Option<IpAddr>) -> Option<IpSlot> {
        let (Some(limit), Some(ip)) = (self.limit, ip) else {
            return Some(IpSlot { per_ip: self.clone(), site: None });
        };
        let site = Site::from(ip);
        let mut connections = lock(&self.connections);
        let count = connections.get(&site).copied().unwrap_or_default();
        if count >= limit {
            return None;
        }
        connections.insert(site, count + 1);
        Some(IpSlot { per_ip: self.clone(), site: Some(site) })
    }
}

impl Drop for IpSlot {
    fn drop(&mut self) {
        let Some(site) = self.site else {
            return;
        };
        let mut connections = lock(&self.per_ip.connections);
        if let Some(count) = connections.get_mut(&site) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&site);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let per_ip = PerIp::new(Some(2));
        let ip = Some(IpAddr::from([127, 0, 0, 1]));
        let other = Some(IpAddr::from([127, 0, 0, 2]));
        let first = per_ip.slot(ip);
        let _second = per_ip.slot(ip).unwrap();
        assert!(per_ip.slot(ip).is_none());
        assert!(per_ip.slot(other).is_some());
        assert!(per_ip.slot(None).is_some());
        drop(first);
        assert!(per_ip.slot(ip).is_some());
        assert_eq!(lock(&per_ip.connections).len(), 1, "who has no connection leaves no trace");
    }

    #[test]
    fn the_addresses_of_one_network_share_their_places() {
        let per_ip = PerIp::new(Some(1));
        let ip = |text: &str| Some(text.parse().unwrap());
        let _first = per_ip.slot(ip("2001:db8:0:7::1")).unwrap();
        assert!(per_ip.slot(ip("2001:db8:0:7:ffff::2")).is_none());
        assert!(per_ip.slot(ip("2001:db8:0:8::1")).is_some());
        let _mapped = per_ip.slot(ip("::ffff:192.0.2.1")).unwrap();
        assert!(per_ip.slot(ip("192.0.2.1")).is_none(), "the same host");
        assert!(per_ip.slot(ip("::ffff:192.0.2.2")).is_some());
    }

    #[test]
    fn a_limit_of_zero_lets_nobody_in_and_leaves_no_trace() {
        let per_ip = PerIp::new(Some(0));
        assert!(per_ip.slot(Some(IpAddr::from([127, 0, 0, 1]))).is_none());
        assert!(lock(&per_ip.connections).is_empty());
    }
}
