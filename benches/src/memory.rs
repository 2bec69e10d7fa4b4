use std::{net::Ipv4Addr, thread, time::Duration};

use clap::ValueEnum;

use crate::{
    Result, descriptors,
    load::{Clients, HEARTBEAT, Policy, ServerProcess},
    machine::machine,
    process::value_name,
};

/// Number of idle connections.
const IDLE: usize = 2_000;

/// Number of processes with idle clients.
const IDLE_PROCESSES: usize = 2;

/// Number of clients that receive a broadcast. One of them stops reading.
const AUDIENCE: usize = 1_000;

/// The payload of a broadcast.
pub(crate) const BROADCAST_BYTES: usize = 4 * 1024;

/// Interval between two broadcasts.
pub(crate) const BROADCAST_INTERVAL: Duration = Duration::from_millis(50);

/// The outbox limit of one client in bytes.
pub(crate) const OUTBOX_BYTES: usize = 1024 * 1024;

/// Number of broadcasts while all clients read.
const BEFORE: u64 = 100;

/// Number of broadcasts while one client reads nothing: enough to fill the socket buffers and then the outbox.
const DURING: u64 = 400;

/// Prints memory per idle connection, then memory and deliveries under broadcast.
pub(crate) fn run() -> Result<()> {
    descriptors::check(IDLE)?;
    println!("{}\n", machine());
    idle()?;
    println!(
        "\n{AUDIENCE} clients, a broadcast of {} KiB every {} ms; `outbox_bytes` is {} KiB.",
        BROADCAST_BYTES / 1024,
        BROADCAST_INTERVAL.as_millis(),
        OUTBOX_BYTES / 1024,
    );
    println!("Peak memory of the server, and deliveries to the clients that read all the time.\n");
    for policy in Policy::value_variants() {
        stalled(*policy)?;
    }
    Ok(())
}

fn idle() -> Result<()> {
    let mut server = start_host(Policy::Disconnect)?;
    server.gather(0)?;
    let before = server.memory()?;
    let clients = (0..IDLE_PROCESSES)
        .map(|_| Clients::start(IDLE / IDLE_PROCESSES, &server.url()))
        .collect::<Result<Vec<_>>>()?;
    server.gather(IDLE)?;
    thread::sleep(HEARTBEAT * 5 / 2);
    // No client has disconnected meanwhile.
    server.gather(IDLE)?;
    let after = server.memory()?;
    drop(clients);
    println!(
        "{IDLE} idle connections: server memory {} before, {} after two heartbeats",
        mebibytes(before),
        mebibytes(after)
    );
    println!("idle  {:.1} KiB per connection", (after - before) as f64 / IDLE as f64 / 1024.0);
    Ok(())
}

fn stalled(policy: Policy) -> Result<()> {
    let mut server = start_host(policy)?;
    let mut readers = Clients::start(AUDIENCE - 1, &server.url())?;
    let mut stalling = Clients::start(1, &server.url())?;
    server.gather(AUDIENCE)?;
    println!("slow consumer: {}", value_name(policy));
    round("all read", &mut server, &mut readers, BEFORE)?;
    stalling.stall()?;
    round("one has stopped", &mut server, &mut readers, DURING)
}

/// Sends `count` broadcasts, and prints the outcome.
fn round(name: &str, server: &mut ServerProcess, readers: &mut Clients, count: u64) -> Result<()> {
    let sent = server.broadcast(count)?;
    let expected = count * (AUDIENCE as u64 - 1);
    let got = readers.deliveries(expected)?;
    println!(
        "  {name:<15}  memory {:>9}  delivered {} of {expected}, median {:.1?}, 99% within {:.1?}; \
         {} dropped, {} connected",
        mebibytes(sent.memory),
        got.count,
        got.median,
        got.slow,
        sent.overflowed,
        sent.clients,
    );
    Ok(())
}

/// Listens on a port that the operating system chooses.
fn start_host(policy: Policy) -> Result<ServerProcess> {
    ServerProcess::start((Ipv4Addr::LOCALHOST, 0).into(), policy)
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0)
}
