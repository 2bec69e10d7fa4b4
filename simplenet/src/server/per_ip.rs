use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use crate::sync::lock;

/// Counts the connections of each IP address, where that is limited.
#[derive(Clone, Debug)]
pub(super) struct PerIp {
    limit: Option<usize>,
    connections: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

/// One counted connection.
#[derive(Debug)]
pub(super) struct IpSlot {
    per_ip: PerIp,
    ip: Option<IpAddr>,
}

impl PerIp {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, connections: Arc::default() }
    }

    /// A place for one more connection, if there is one; a connection without an address always has one.
    pub(super) fn slot(&self, ip: Option<IpAddr>) -> Option<IpSlot> {
        let (Some(limit), Some(ip)) = (self.limit, ip) else {
            return Some(IpSlot { per_ip: self.clone(), ip: None });
        };
        let mut connections = lock(&self.connections);
        let count = connections.get(&ip).copied().unwrap_or_default();
        if count >= limit {
            return None;
        }
        connections.insert(ip, count + 1);
        Some(IpSlot { per_ip: self.clone(), ip: Some(ip) })
    }
}

impl Drop for IpSlot {
    fn drop(&mut self) {
        let Some(ip) = self.ip else {
            return;
        };
        let mut connections = lock(&self.per_ip.connections);
        if let Some(count) = connections.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_limit_of_zero_lets_nobody_in_and_leaves_no_trace() {
        let per_ip = PerIp::new(Some(0));
        assert!(per_ip.slot(Some(IpAddr::from([127, 0, 0, 1]))).is_none());
        assert!(lock(&per_ip.connections).is_empty());
    }
}
