//! Real servers and clients over a simulated network, in virtual time.
//!
//! A seed decides everything that chance decides: delays, faults, and what the applications do. Everything they see and
//! do goes to a log, on which the promises are checked. A run is played again, with its log, by
//! `SIM_SEED=n cargo test -p simplenet-tests simulation`; `SIM_SEEDS=n` plays so many instead of the usual ones.
//!
//! All of it runs on one thread with a paused clock: what is ready runs in the order in which it became ready, and when
//! nothing is, the clock moves to the next timer. So a seed gives the same log every time.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails where it stands"
)]

mod calm;
mod client;
mod log;
mod network;
mod numbers;
mod plan;
mod promises;
mod run;
mod seeds;
mod server;
mod tally;

/// What the simulated programs say to each other.
#[simplenet::channel(schema = "simulation/probe.ron")]
pub(crate) mod probe {}

#[test]
fn simulation_keeps_every_promise() {
    seeds::play_all();
}

/// Otherwise a seed that failed could not be played again.
#[test]
fn simulation_of_a_seed_is_the_same_every_time() {
    for seed in [3, 8, 21] {
        let (first, second) = (run::play(seed), run::play(seed));
        assert!(first.len() > 100, "seed {seed} does something");
        let (first, second) = (log::text(&first), log::text(&second));
        let difference = first.lines().zip(second.lines()).find(|(one, other)| one != other);
        assert_eq!(difference, None, "seed {seed}");
        assert_eq!(first.len(), second.len(), "seed {seed}");
    }
}
