//! An attacker: every attack is a value that knows what becomes of it. The tests hold that, and that nothing is left of
//! it; the benchmarks measure what an honest client feels meanwhile.

mod arena;
mod connecting;
mod crowd;
mod defence;
mod end;
mod handshaking;
mod identity;
mod in_session;
mod login;
mod probe;
mod recorded;
mod referee;
mod under_tls;

use std::{future::Future, pin::Pin};

use self::{
    arena::{Arena, Scene},
    defence::Defence,
};
pub use self::{
    end::{End, Ends},
    probe::RoundTrips,
};

/// What somebody does to a server who means it no good.
#[derive(Clone, Copy)]
pub struct Attack {
    /// What is done.
    pub name: &'static str,
    /// How its connections may end; no other end is one that the server should have chosen.
    pub ends: &'static [End],
    /// The server that it is done to.
    server: fn() -> Defence,
    run: Run,
}

/// Attacks, and says how the connections ended.
type Run = fn(Scene) -> Pin<Box<dyn Future<Output = Vec<End>>>>;

/// What came of an attack.
#[derive(Debug)]
pub struct Report {
    /// How its connections ended.
    pub ends: Ends,
    /// The calls of an honest client while it went on.
    pub probe: RoundTrips,
}

/// Every attack, by what it aims at.
pub const ATTACKS: [(&str, &[Attack]); 6] = [
    ("connecting", connecting::ATTACKS),
    ("TLS", under_tls::ATTACKS),
    ("the handshake", handshaking::ATTACKS),
    ("identity", identity::ATTACKS),
    ("a session", in_session::ATTACKS),
    ("a recorded session", recorded::ATTACKS),
];

impl Attack {
    /// Attacks a server of its own.
    ///
    /// Panics where the server does not do what it should: an end that is not among [`Attack::ends`], an honest client
    /// that is not served, events outside of a session, or descriptors, tasks or clients that are not gone afterwards.
    pub fn run(&self) -> Report {
        let arena = Arena::open((self.server)());
        let (ends, probe) = arena.endure(self.run);
        let others: Vec<End> =
            ends.iter().filter(|end| !self.ends.contains(end)).copied().collect();
        assert!(others.is_empty(), "{}: {}", self.name, Ends::new(&others));
        arena.is_as_before(ends.iter().filter(|end| end.is_of_session()).count());
        Report { ends: Ends::new(&ends), probe }
    }
}
