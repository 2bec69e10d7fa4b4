use std::{fs, thread};

use crate::{
    Result,
    figures::{Comparison, Figures},
    peer::Implementation,
    processes::measure,
    workload::Workload,
};

/// Rounds of which the median is taken.
const ROUNDS: usize = 3;

/// Prints a line per workload.
pub(crate) fn run() -> Result<()> {
    println!("{}", machine());
    println!(
        "CPU of client and server together for each message, or for each request with its answer;"
    );
    println!(
        "`bare` is the same by hand on tokio-tungstenite. Medians of {ROUNDS} interleaved rounds.\n"
    );
    let mut latencies = Vec::new();
    for workload in Workload::ALL {
        let rounds = (0..ROUNDS).map(|_| round(workload)).collect::<Result<Vec<_>>>()?;
        println!("{}", compare(workload, &rounds, |figures| figures.cpu));
        if workload.is_sequential() {
            latencies.push(compare(workload, &rounds, |figures| figures.round_trip));
        }
    }
    println!("\nTime of a round trip, median.\n");
    for latency in latencies {
        println!("{latency}");
    }
    Ok(())
}

/// One after the other, so that both meet the same weather.
fn round(workload: Workload) -> Result<[Figures; 2]> {
    Ok([measure(Implementation::Simplenet, workload)?, measure(Implementation::Bare, workload)?])
}

fn compare(workload: Workload, rounds: &[[Figures; 2]], figure: fn(&Figures) -> f64) -> Comparison {
    let rounds: Vec<_> =
        rounds.iter().map(|[simplenet, bare]| (figure(simplenet), figure(bare))).collect();
    Comparison::new(workload.name(), &rounds)
}

/// What this runs on.
fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| "unknown processor".to_owned());
    format!("{cores} cores, {processor}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}
