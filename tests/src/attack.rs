//! The attacks. Each is a value with its expected outcome. The tests check that outcome, and that no resource remains in
//! use; the benchmarks measure the latency of an honest client meanwhile.

mod checker;
mod concurrent;
mod connecting;
mod end;
mod handshaking;
mod harness;
mod identity;
mod in_session;
mod login;
mod probe;
mod recorded;
mod setup;
mod under_tls;
pub mod values;

use std::{future::Future, pin::Pin};

pub use self::{
    end::{End, Ends},
    probe::RoundTrips,
};
use self::{
    harness::{Harness, Victim},
    setup::Setup,
};

/// An attack on a server.
#[derive(Clone, Copy)]
pub struct Attack {
    /// The description.
    pub name: &'static str,
    /// The allowed ends of its connections.
    pub ends: &'static [End],
    /// The configuration of the attacked server.
    server: fn() -> Setup,
    run: Run,
}

/// Runs the attack, and returns the ends of its connections.
type Run = fn(Victim) -> Pin<Box<dyn Future<Output = Vec<End>>>>;

/// The outcome of an attack.
#[derive(Debug)]
pub struct Report {
    /// The ends of its connections.
    pub ends: Ends,
    /// The latency of an honest client's calls during the attack.
    pub probe: RoundTrips,
}

/// Returns every attack, grouped by its target.
pub const ATTACKS: [(&str, &[Attack]); 6] = [
    ("connecting", connecting::ATTACKS),
    ("TLS", under_tls::ATTACKS),
    ("the handshake", handshaking::ATTACKS),
    ("identity", identity::ATTACKS),
    ("a session", in_session::ATTACKS),
    ("a recorded session", recorded::ATTACKS),
];

impl Attack {
    /// Runs the attack on a new server.
    ///
    /// Panics if the server misbehaves: an end that is not among [`Attack::ends`], an honest client that is not served, an
    /// event outside of a session, or file descriptors, tasks or clients that remain afterwards.
    pub fn run(&self) -> Report {
        let harness = Harness::open((self.server)());
        let (ends, probe) = harness.run(self.run);
        let others: Vec<End> =
            ends.iter().filter(|end| !self.ends.contains(end)).copied().collect();
        assert!(others.is_empty(), "{}: {}", self.name, Ends::new(&others));
        harness.assert_released(ends.iter().filter(|end| end.is_of_session()).count());
        Report { ends: Ends::new(&ends), probe }
    }
}
