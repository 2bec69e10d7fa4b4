//! Which seeds are played, and what is told of them.

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

use crate::{log, promises, run, tally::Tally};

/// Played when nothing else is asked for.
const SEEDS: u64 = 200;

/// Plays the seeds that the environment asks for, on all processors; panics when a promise was broken.
pub(crate) fn play_all() {
    if let Some(seed) = number("SIM_SEED") {
        let records = run::play(seed);
        let (violations, _) = promises::check(&records);
        println!("{}", log::text(&records));
        assert!(violations.is_empty(), "seed {seed}:\n{}", violations.text());
        return;
    }
    let seeds = number("SIM_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let tally = Mutex::new(Tally::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    let played = play(seed);
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.add(&played);
                    if tally.seeds % 500 == 0 && tally.seeds < seeds {
                        tell(&tally);
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    tell(&tally);
    assert!(tally.violated.is_empty(), "promises were broken with the seeds {:?}", tally.violated);
}

fn play(seed: u64) -> Tally {
    let played = panic::catch_unwind(|| {
        let records = run::play(seed);
        let (violations, history) = promises::check(&records);
        (Tally::of(&records, &history), violations)
    });
    let (mut tally, what) = match played {
        Ok((tally, violations)) if violations.is_empty() => return tally,
        Ok((tally, violations)) => (tally, violations.text()),
        Err(_) => (Tally::default(), "  a panic\n".to_owned()),
    };
    println!(
        "seed {seed}:\n{what}  replay: SIM_SEED={seed} cargo test -p simplenet-tests simulation"
    );
    tally.violated.push(seed);
    tally
}

/// Shown at once and always, which `println` is not for a test that passes: a long run takes minutes.
fn tell(tally: &Tally) {
    // Nobody may be there to read it.
    let _ = writeln!(io::stderr(), "{tally}");
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{name} is a number, not {text:?}"),
    }
}
