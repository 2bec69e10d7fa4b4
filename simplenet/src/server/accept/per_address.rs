use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex},
};

use crate::sync::lock;

/// Counts the connections of each IP address, if their number is limited.
#[derive(Clone, Debug)]
pub(super) struct ConnectionsPerAddress {
    limit: Option<usize>,
    connections: Arc<Mutex<BTreeMap<Network, usize>>>,
}

/// One counted connection.
#[derive(Debug)]
pub(super) struct AddressSlot {
    connections_per_address: ConnectionsPerAddress,
    network: Option<Network>,
}

/// The unit of the limit: an IPv4 address, or an IPv6 network with a prefix of 64 bits. One
/// subscriber gets at least such a network (RFC 6177).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
            }
            address => address,
        })
    }
}

impl ConnectionsPerAddress {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, connections: Arc::default() }
    }

    /// Returns a slot for one more connection, if one is free. A connection without an address
    /// always gets a slot.
    pub(super) fn slot(&self, ip: Option<IpAddr>) -> Option<AddressSlot> {
        let (Some(limit), Some(ip)) = (self.limit, ip) else {
            return Some(AddressSlot { connections_per_address: self.clone(), network: None });
        };
        let network = Network::from(ip);
        let mut connections = lock(&self.connections);
        let count = connections.get(&network).copied().unwrap_or_default();
        if count >= limit {
            return None;
        }
        connections.insert(network, count + 1);
        Some(AddressSlot { connections_per_address: self.clone(), network: Some(network) })
    }
}

impl Drop for AddressSlot {
    fn drop(&mut self) {
        let Some(network) = self.network else {
            return;
        };
        let mut connections = lock(&self.connections_per_address.connections);
        if let Some(count) = connections.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test;

    #[test]
    fn dropped_slot_is_free_again() {
        let connections_per_address = ConnectionsPerAddress::new(Some(2));
        let ip = Some(IpAddr::from([127, 0, 0, 1]));
        let other = Some(IpAddr::from([127, 0, 0, 2]));
        let first = connections_per_address.slot(ip);
        let _second = connections_per_address.slot(ip).unwrap();
        assert!(connections_per_address.slot(ip).is_none());
        assert!(connections_per_address.slot(other).is_some());
        assert!(connections_per_address.slot(None).is_some());
        drop(first);
        assert!(connections_per_address.slot(ip).is_some());
        assert_eq!(
            lock(&connections_per_address.connections).len(),
            1,
            "an address without connections has no entry"
        );
    }

    #[test]
    fn addresses_of_one_ipv6_network_share_their_slots() {
        let connections_per_address = ConnectionsPerAddress::new(Some(1));
        let ip = |text: &str| Some(text.parse().unwrap());
        let _first = connections_per_address.slot(ip("2001:db8:0:7::1")).unwrap();
        assert!(connections_per_address.slot(ip("2001:db8:0:7:ffff::2")).is_none());
        assert!(connections_per_address.slot(ip("2001:db8:0:8::1")).is_some());
        let _mapped = connections_per_address.slot(ip("::ffff:192.0.2.1")).unwrap();
        assert!(connections_per_address.slot(ip("192.0.2.1")).is_none(), "the same host");
        assert!(connections_per_address.slot(ip("::ffff:192.0.2.2")).is_some());
    }

    #[test]
    fn limit_of_zero_refuses_all_and_keeps_no_entry() {
        let connections_per_address = ConnectionsPerAddress::new(Some(0));
        assert!(connections_per_address.slot(Some(IpAddr::from([127, 0, 0, 1]))).is_none());
        assert!(lock(&connections_per_address.connections).is_empty());
    }
}
