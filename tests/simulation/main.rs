//! Real servers and clients over a simulated network, in virtual time.
//!
//! A seed determines all random choices: delays, faults, and the actions of the applications. All
//! actions and observations are logged, and the promises are checked on the log.
//! `SIM_SEED=n cargo test -p simplenet-tests simulation` repeats a run and prints its log;
//! `SIM_SEEDS=n` runs that many seeds instead of the default number.
//!
//! A run has one thread and a paused clock. Tasks run in the order in which they become ready. If
//! no task is ready, the clock advances to the next timer. So a seed always yields the same log.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed precondition fails the test at its line"
)]

mod client;
mod counters;
mod log;
mod network;
mod numbers;
mod plan;
mod promises;
mod quiet;
mod run;
mod seeds;
mod server;

/// The channel of the simulated servers and clients.
#[simplenet::channel(schema = "simulation/probe.ron")]
pub(crate) mod probe {}

#[test]
fn simulation_keeps_every_promise() {
    seeds::run_all();
}

/// Without this property, a failed seed could not be repeated.
#[test]
fn simulation_of_a_seed_is_reproducible() {
    for seed in [3, 8, 21] {
        let (first, second) = (run::run_seed(seed), run::run_seed(seed));
        assert!(first.len() > 100, "seed {seed}: the log has {} records", first.len());
        let (first, second) = (log::text(&first), log::text(&second));
        let difference = first.lines().zip(second.lines()).find(|(one, other)| one != other);
        assert_eq!(difference, None, "seed {seed}");
        assert_eq!(first.len(), second.len(), "seed {seed}");
    }
}
