//! The attacks, one after the other: each ends as it should, the honest client is served meanwhile, and nothing is left.
//!
//! They have a process of their own, because the descriptors of all of it are counted.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails where it stands")]

use std::sync::{Mutex, PoisonError};

use simplenet_tests::attack::ATTACKS;

/// Runs the attacks on this aim, while no other runs.
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
