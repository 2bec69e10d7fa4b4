//! Tests of all attacks. Each attack ends as listed, the honest client is served during the attack,
//! and no resource remains in use after it.
//!
//! The tests are a separate binary, because they count the file descriptors of the process.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its line")]

use std::sync::{Mutex, PoisonError};

use simplenet_tests::attack::ATTACKS;

/// Runs the attacks of one group. Waits until no other group runs.
fn run_attacks(group: &str) {
    static RUNNING: Mutex<()> = Mutex::new(());
    let _running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, attacks) = ATTACKS.iter().find(|(name, _)| *name == group).expect("a group of attacks");
    for attack in *attacks {
        print!("{}: ", attack.name);
        println!("{}", attack.run().ends);
    }
}

#[test]
fn attacks_on_connecting_end_as_listed() {
    run_attacks("connecting");
}

#[test]
fn attacks_on_tls_end_as_listed() {
    run_attacks("TLS");
}

#[test]
fn attacks_on_the_handshake_end_as_listed() {
    run_attacks("the handshake");
}

#[test]
fn attacks_on_identity_end_as_listed() {
    run_attacks("identity");
}

#[test]
fn attacks_on_a_session_end_as_listed() {
    run_attacks("a session");
}

#[test]
fn attacks_with_a_recorded_session_end_as_listed() {
    run_attacks("a recorded session");
}
