use std::time::Duration;

use crate::{
    Result, cpu,
    figures::{Comparison, Figures},
    machine::machine,
    peer::{Implementation, READY},
    process::{Process, value_name},
    workload::Workload,
};

/// Number of rounds, of which the median is reported.
const ROUNDS: usize = 3;

/// Prints a line per workload.
pub(crate) fn run() -> Result<()> {
    println!("{}", machine());
    println!(
        "CPU of client and server together for each message, or for each request with its answer;"
    );
    println!(
        "`bare` is the same work on tokio-tungstenite alone. Medians of {ROUNDS} interleaved rounds.\n"
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

/// Runs both implementations alternately, so that both have the same conditions.
fn round(workload: Workload) -> Result<[Figures; 2]> {
    Ok([measure(Implementation::Simplenet, workload)?, measure(Implementation::Bare, workload)?])
}

/// Runs a workload once, with a server and a client in processes of their own.
fn measure(implementation: Implementation, workload: Workload) -> Result<Figures> {
    let what = [value_name(implementation), workload.name()];
    let mut server = Process::start("server", &what)?;
    let url = format!("ws://{}/", server.hear()?);
    let [implementation, name] = what;
    let mut client = Process::start("client", &[implementation, name, url])?;
    client.expect(READY)?;
    let before = cpu::used_by(server.id())? + cpu::used_by(client.id())?;
    client.tell("go")?;
    let median: u64 = client.hear()?.parse()?;
    let after = cpu::used_by(server.id())? + cpu::used_by(client.id())?;
    Ok(Figures {
        cpu: (after - before).as_secs_f64() / workload.count() as f64,
        round_trip: Duration::from_nanos(median).as_secs_f64(),
    })
}

fn compare(workload: Workload, rounds: &[[Figures; 2]], figure: fn(&Figures) -> f64) -> Comparison {
    let rounds: Vec<_> =
        rounds.iter().map(|[simplenet, bare]| (figure(simplenet), figure(bare))).collect();
    Comparison::new(workload.name(), &rounds)
}
