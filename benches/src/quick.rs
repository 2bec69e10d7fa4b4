use std::time::Duration;

use crate::{
    Result, cpu,
    figures::{Comparison, Figures},
    machine::machine,
    peer::{Implementation, READY},
    process::{Process, value_name},
    workload::Workload,
};

/// The number of rounds. The median of their results is printed.
const ROUNDS: usize = 3;

/// Prints a comparison for each workload.
pub(crate) fn run() -> Result<()> {
    println!("{}", machine());
    println!(
        "CPU time of client and server together for each message, or for each request with its \
         answer.\nMedians of {ROUNDS} rounds. `bare` is the same work on tokio-tungstenite without \
         simplenet.\n"
    );
    let mut latencies = Vec::new();
    for workload in Workload::ALL {
        let rounds = (0..ROUNDS).map(|_| round(workload)).collect::<Result<Vec<_>>>()?;
        println!("{}", compare(workload, &rounds, |figures| figures.cpu));
        if workload.is_sequential() {
            latencies.push(compare(workload, &rounds, |figures| figures.round_trip));
        }
    }
    println!("\nMedian time of a round trip.\n");
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
    let arguments = [value_name(implementation), workload.name()];
    let mut server = Process::start("server", &arguments)?;
    let url = format!("ws://{}/", server.read_line()?);
    let [implementation, name] = arguments;
    let mut client = Process::start("client", &[implementation, name, url])?;
    client.expect_line(READY)?;
    let before = cpu::used_by(server.id())? + cpu::used_by(client.id())?;
    client.write_line("start")?;
    let median: u64 = client.read_line()?.parse()?;
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
