//! The seeds to run, and the report of their results.

use std::{
    env,
    io::{self, Write},
    num::NonZero,
    panic,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use crate::{counters::Counters, log, promises, run};

/// The default number of seeds.
const SEEDS: u64 = 200;

/// Runs the seeds that the environment variables select, on all processors.
///
/// Panics if a promise is violated.
pub(crate) fn run_all() {
    if let Some(seed) = number("SIM_SEED") {
        let records = run::run_seed(seed);
        let (violations, _) = promises::check(&records);
        println!("{}", log::text(&records));
        assert!(violations.is_empty(), "seed {seed}:\n{}", violations.text());
        return;
    }
    let seeds = number("SIM_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let counters = Mutex::new(Counters::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    let result = run_and_check(seed);
                    let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
                    counters.add(&result);
                    if counters.seeds % 500 == 0 && counters.seeds < seeds {
                        print_progress(&counters);
                    }
                }
            });
        }
    });
    let counters = counters.into_inner().unwrap_or_else(PoisonError::into_inner);
    print_progress(&counters);
    assert!(
        counters.violated.is_empty(),
        "violated promises with the seeds {:?}",
        counters.violated
    );
}

/// Runs one seed, and prints its violations.
fn run_and_check(seed: u64) -> Counters {
    let result = panic::catch_unwind(|| {
        let records = run::run_seed(seed);
        let (violations, history) = promises::check(&records);
        (Counters::of(&records, &history), violations)
    });
    let (mut counters, violations) = match result {
        Ok((counters, violations)) if violations.is_empty() => return counters,
        Ok((counters, violations)) => (counters, violations.text()),
        Err(_) => (Counters::default(), "  a panic\n".to_owned()),
    };
    println!(
        "seed {seed}:\n{violations}  \
         replay: SIM_SEED={seed} cargo test -p simplenet-tests simulation"
    );
    counters.violated.push(seed);
    counters
}

/// Prints progress to stderr, because the test harness captures `println` until the test ends.
fn print_progress(counters: &Counters) {
    // Fails if stderr is closed.
    let _ = writeln!(io::stderr(), "{counters}");
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{name} must be a number, not {text:?}"),
    }
}
