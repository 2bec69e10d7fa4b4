//! The attacks. Each attack is a value with the allowed ends of its connections. The tests check
//! these ends, and that no resource remains in use. The benchmarks measure the latency of an honest
//! client during the attack.

mod checker;
mod concurrent;
mod connection;
mod end;
mod handshake;
mod harness;
mod identity;
mod probe;
mod recorded;
mod session;
mod setup;
mod tls;
mod tokens;
pub mod values;

use std::{future::Future, pin::Pin};

pub use self::{
    end::{End, Ends},
    probe::RoundTrips,
};
use self::{
    harness::{AttackedServer, Harness},
    setup::Setup,
};

/// An attack on a server.
#[derive(Clone, Copy)]
pub struct Attack {
    /// A short description.
    pub name: &'static str,
    /// The allowed ends of the attacker's connections.
    pub ends: &'static [End],
    /// The configuration of the attacked server.
    server: fn() -> Setup,
    run: Run,
}

/// Runs the attack, and returns the ends of the attacker's connections.
type Run = fn(AttackedServer) -> Pin<Box<dyn Future<Output = Vec<End>>>>;

/// The outcome of an attack.
#[derive(Debug)]
pub struct Report {
    /// The ends of the attacker's connections.
    pub ends: Ends,
    /// The latency of an honest client's calls during the attack.
    pub probe: RoundTrips,
}

/// All attacks, grouped by their target.
pub const ATTACKS: [(&str, &[Attack]); 6] = [
    ("connecting", connection::ATTACKS),
    ("TLS", tls::ATTACKS),
    ("the handshake", handshake::ATTACKS),
    ("identity", identity::ATTACKS),
    ("a session", session::ATTACKS),
    ("a recorded session", recorded::ATTACKS),
];

impl Attack {
    /// Runs the attack on a new server.
    ///
    /// Panics if a connection has an end outside [`Attack::ends`], if the honest client is not
    /// served, if an event arrives outside a session, or if file descriptors, tasks or clients
    /// remain after the attack.
    pub fn run(&self) -> Report {
        let harness = Harness::start((self.server)());
        let (ends, probe) = harness.run(self.run);
        let unexpected: Vec<End> =
            ends.iter().filter(|end| !self.ends.contains(end)).copied().collect();
        assert!(
            unexpected.is_empty(),
            "{}: unexpected ends: {}",
            self.name,
            Ends::new(&unexpected)
        );
        harness.assert_released(ends.iter().filter(|end| end.is_of_session()).count());
        Report { ends: Ends::new(&ends), probe }
    }
}
