use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::{
    Result, cpu,
    figures::{Figures, Times},
    machine::machine,
    peer::{Implementation, READY},
    process::{Process, value_name},
    table::Table,
    workload::{Traffic, WORKLOADS, Workload},
};

/// The results of one round, in the order of [`Implementation`]. An implementation that does not
/// have the workload has no figures.
type Round = Vec<Option<Figures>>;

/// Measures the workloads whose names contain `only`, and prints a comparison for each.
pub(crate) fn run(only: &str, rounds: usize) -> Result<()> {
    println!("{}", machine());
    println!(
        "Medians of {rounds} interleaved rounds. `bare` is the same work on tokio-tungstenite \
         without simplenet,\nand `tcp` on TCP with length prefixes."
    );
    let workloads: Vec<_> =
        WORKLOADS.into_iter().filter(|workload| workload.name.contains(only)).collect();
    if workloads.is_empty() {
        return Err(format!("no workload has `{only}` in its name").into());
    }
    let [cpu, times, rates] = [2, 1, 0].map(table);
    print_title(&cpu, "CPU time of client and server together, in us per operation");
    let mut timed = Vec::new();
    for workload in workloads {
        let rounds = (0..rounds).map(|_| round(workload)).collect::<Result<Vec<_>>>()?;
        println!("{}", line(&cpu, workload.name, &rounds, |figures| figures.cpu * 1e6));
        if workload.traffic.is_timed() {
            timed.push((workload, rounds));
        }
    }
    if !timed.is_empty() {
        print_title(&times, "Time of one operation in us, median and 99th percentile");
    }
    for (Workload { name, .. }, rounds) in &timed {
        let microseconds = |time: Duration| time.as_secs_f64() * 1e6;
        println!("{}", line(&times, name, rounds, |run| microseconds(run.times.median)));
        let name = format!("{name} 99%");
        println!("{}", line(&times, &name, rounds, |run| microseconds(run.times.percentile_99)));
    }
    timed.retain(|(workload, _)| matches!(workload.traffic, Traffic::Connect { .. }));
    if !timed.is_empty() {
        print_title(&rates, "Connections per second, more is better");
    }
    for (Workload { name, .. }, rounds) in &timed {
        println!("{}", line(&rates, name, rounds, |figures| figures.rate));
    }
    Ok(())
}

fn table(decimals: usize) -> Table {
    let columns = Implementation::value_variants();
    let base = columns.iter().position(|&column| column == Implementation::Bare);
    let names = columns.iter().copied().map(value_name).collect();
    Table::new(names, base.unwrap_or_default(), decimals)
}

fn print_title(table: &Table, title: &str) {
    println!("\n{title}\n\n{}", table.header());
}

fn line(table: &Table, name: &str, rounds: &[Round], figure: impl Fn(&Figures) -> f64) -> String {
    let figures = |round: &Round| {
        round.iter().map(|figures| figures.as_ref().map(&figure)).collect::<Vec<_>>()
    };
    table.line(name, &rounds.iter().map(figures).collect::<Vec<_>>())
}

/// Runs all implementations one after another, so that all have the same conditions.
fn round(workload: Workload) -> Result<Round> {
    let is_broadcast = matches!(workload.traffic, Traffic::Broadcast { .. });
    let run = |&implementation: &Implementation| {
        let has_workload = !is_broadcast || implementation.can_broadcast();
        has_workload.then(|| measure(implementation, workload)).transpose()
    };
    Implementation::value_variants().iter().map(run).collect()
}

/// Runs a workload once, with a server and a client in processes of their own.
fn measure(implementation: Implementation, workload: Workload) -> Result<Figures> {
    let arguments = [value_name(implementation), workload.name.to_owned()];
    let mut server = Process::start_on_core(0, "server", &arguments)?;
    let address = server.read_line()?;
    let [implementation, name] = arguments;
    let mut client = Process::start_on_core(1, "client", &[implementation, name, address])?;
    client.expect_line(READY)?;
    let processes = [server.id(), client.id()];
    let cpu_before = cpu::used_by(processes)?;
    let start = Instant::now();
    client.write_line("start")?;
    let times: Times = client.read_line()?.parse()?;
    let elapsed = start.elapsed();
    let cpu = cpu::used_by(processes)? - cpu_before;
    let count = workload.count as f64;
    Ok(Figures { cpu: cpu.as_secs_f64() / count, rate: count / elapsed.as_secs_f64(), times })
}
