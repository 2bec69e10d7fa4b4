//! The attacks, one by one: each ends as expected, the honest client is served meanwhile, and no resource remains in use.
//!
//! They run in a process of their own, because they count the file descriptors of the process.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its place")]

use std::sync::{Mutex, PoisonError};

use simplenet_tests::attack::ATTACKS;

/// Runs the attacks on one target, while no other attack runs.
fn attack(aim: &str) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, attacks) = ATTACKS.iter().find(|(known, _)| *known == aim).expect("an aim");
    for attack in *attacks {
        print!("{}: ", attack.name);
        println!("{}", attack.run().ends);
    }
}

#[test]
fn connecting() {
    attack("connecting");
}

#[test]
fn tls() {
    attack("TLS");
}

#[test]
fn the_handshake() {
    attack("the handshake");
}

#[test]
fn identity() {
    attack("identity");
}

#[test]
fn a_session() {
    attack("a session");
}

#[test]
fn a_recorded_session() {
    attack("a recorded session");
}
