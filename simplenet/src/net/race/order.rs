//! The order and the times of the attempts, without IO.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::net::io_text;

/// The time after which an attempt without a result no longer delays the next one ("Connection
/// Attempt Delay", RFC 8305, 8).
pub(super) const STAGGER: Duration = Duration::from_millis(250);

/// The number of addresses that are tried. A name server may return any number.
const MAX_ADDRESSES: usize = 32;

/// The addresses of one host, and the failures of its attempts.
pub(super) struct Order {
    waiting: VecDeque<SocketAddr>,
    next_start: Option<Instant>,
    failures: Vec<Failure>,
}

/// Addresses whose attempts failed for the same reason.
struct Failure {
    kind: io::ErrorKind,
    text: String,
    addresses: Vec<SocketAddr>,
}

impl Order {
    /// Creates the order of the addresses, which the resolver has sorted by preference. The
    /// families alternate, beginning with that of the first address (RFC 8305, 4).
    pub(super) fn new(addresses: Vec<SocketAddr>) -> Self {
        let first_is_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
        let (first, second): (Vec<_>, Vec<_>) =
            addresses.into_iter().partition(|address| address.is_ipv6() == first_is_ipv6);
        let (mut first, mut second) = (first.into_iter(), second.into_iter());
        let mut waiting = VecDeque::new();
        while let (Some(address), next) | (next, Some(address)) = (first.next(), second.next()) {
            waiting.push_back(address);
            waiting.extend(next);
        }
        waiting.truncate(MAX_ADDRESSES);
        Self { waiting, next_start: None, failures: Vec::new() }
    }

    /// Returns the address to which an attempt starts now, if there is one.
    pub(super) fn start(&mut self, now: Instant) -> Option<SocketAddr> {
        if self.next_start.is_some_and(|at| now < at) {
            return None;
        }
        let address = self.waiting.pop_front()?;
        self.next_start = Some(now + STAGGER);
        Some(address)
    }

    /// Returns the time at which the next attempt starts. `None`: no address is waiting.
    pub(super) fn next_start(&self) -> Option<Instant> {
        self.next_start.filter(|_| !self.waiting.is_empty())
    }

    /// Records a failure. The next attempt starts at once.
    pub(super) fn failed(&mut self, address: SocketAddr, error: &io::Error, now: Instant) {
        self.next_start = Some(now);
        let text = io_text(error);
        match self.failures.iter_mut().find(|failure| failure.text == text) {
            Some(failure) => failure.addresses.push(address),
            None => {
                let (kind, addresses) = (error.kind(), vec![address]);
                self.failures.push(Failure { kind, text, addresses });
            }
        }
    }

    /// Returns the error after all attempts have failed.
    pub(super) fn into_error(self) -> io::Error {
        let kind = self.failures.first().map_or(io::ErrorKind::NotFound, |failure| failure.kind);
        let text = match &self.failures[..] {
            [] => "the name has no address".to_owned(),
            [Failure { text, addresses, .. }] if addresses.len() == 1 => text.clone(),
            failures => failures.iter().map(Failure::text).collect::<Vec<_>>().join("; "),
        };
        io::Error::new(kind, text)
    }
}

impl Failure {
    /// Returns the reason and some of the addresses.
    fn text(&self) -> String {
        const MAX_LISTED: usize = 4;
        let listed = self.addresses.iter().take(MAX_LISTED);
        let mut addresses = listed.map(SocketAddr::to_string).collect::<Vec<_>>().join(", ");
        if let Some(more @ 1..) = self.addresses.len().checked_sub(MAX_LISTED) {
            addresses += &format!(" and {more} more");
        }
        format!("{} ({addresses})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn families_alternate_from_the_preferred_one() {
        let (a, b, c) = ("1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1");
        let (x, y, z) = ("[::1]:1", "[::2]:1", "[::3]:1");
        for (resolved, tried) in [
            (vec![], vec![]),
            (vec![a], vec![a]),
            (vec![x, y, a, b], vec![x, a, y, b]),
            (vec![a, x, y, z], vec![a, x, y, z]),
            (vec![x, y, z, a], vec![x, a, y, z]),
            (vec![a, b, c], vec![a, b, c]),
            (vec![a, b, c, x], vec![a, x, b, c]),
        ] {
            println!("{resolved:?} -> {tried:?}");
            let order = Order::new(addresses(&resolved));
            assert_eq!(Vec::from(order.waiting), addresses(&tried));
        }
    }

    #[test]
    fn number_of_attempts_is_bounded_and_contains_both_families() {
        let mut many: Vec<SocketAddr> =
            (0..1000).map(|port| SocketAddr::from(([1, 1, 1, 1], port))).collect();
        many.extend(addresses(&["[::1]:1"]));
        let order = Order::new(many);
        assert_eq!(order.waiting.len(), MAX_ADDRESSES);
        assert!(order.waiting[1].is_ipv6());
    }

    #[test]
    fn attempts_start_after_the_stagger_or_a_failure() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let all = addresses(&["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1", "4.4.4.4:1"]);
        let mut order = Order::new(all.clone());
        assert_eq!(order.start(at(0)), Some(all[0]));
        assert_eq!(order.start(at(0)), None);
        assert_eq!(order.next_start(), Some(at(250)));
        assert_eq!(order.start(at(249)), None);
        assert_eq!(order.start(at(250)), Some(all[1]));
        order.failed(all[1], &io::ErrorKind::ConnectionRefused.into(), at(260));
        assert_eq!(order.start(at(260)), Some(all[2]), "at once after a failure");
        assert_eq!(order.next_start(), Some(at(510)));
        assert_eq!(order.start(at(520)), Some(all[3]));
        assert_eq!(order.next_start(), None, "no address is left");
        assert_eq!(order.start(at(9000)), None);
    }

    #[test]
    fn error_contains_the_reason_of_each_address() {
        let all = addresses(&["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "3.3.3.3:1", "4.4.4.4:1"]);
        let mut order = Order::new(all.clone());
        assert_eq!(Order::new(vec![]).into_error().to_string(), "the name has no address");
        for address in &all[..4] {
            order.failed(*address, &io::ErrorKind::ConnectionRefused.into(), Instant::now());
        }
        order.failed(all[4], &io::ErrorKind::TimedOut.into(), Instant::now());
        let error = order.into_error();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(
            error.to_string(),
            "connection refused: no server listens on this port (1.1.1.1:1, [::1]:1, 2.2.2.2:1, \
             3.3.3.3:1); the host does not answer: check the address, and whether the host is up \
             (4.4.4.4:1)"
        );
    }
}
