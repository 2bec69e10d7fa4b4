use std::{net::Ipv4Addr, thread, time::Duration};

use clap::ValueEnum;

use crate::{
    Result,
    crowd::{Guests, HEARTBEAT, Host, Policy},
    descriptors,
    machine::machine,
    process::value_name,
};

/// Connections on which nothing is said.
const IDLE: usize = 2_000;

/// Processes that the idle clients are spread over.
const IDLE_PROCESSES: usize = 2;

/// Clients that a broadcast goes to; one of them stops reading.
const AUDIENCE: usize = 1_000;

/// The payload of a broadcast.
pub(crate) const BROADCAST_BYTES: usize = 4 * 1024;

/// From one broadcast to the next.
pub(crate) const BROADCAST_INTERVAL: Duration = Duration::from_millis(50);

/// What the server may keep for one client.
pub(crate) const OUTBOX_BYTES: usize = 1024 * 1024;

/// Broadcasts while all clients read.
const BEFORE: u64 = 100;

/// Broadcasts while one does not: enough to fill what the system keeps of a connection, and then the outbox.
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
    println!("Memory of the server at most, and what the clients got that read all the time.\n");
    for policy in Policy::value_variants() {
        stalled(*policy)?;
    }
    Ok(())
}

fn idle() -> Result<()> {
    let mut host = start_host(Policy::Disconnect)?;
    host.gather(0)?;
    let before = host.memory()?;
    let guests = (0..IDLE_PROCESSES)
        .map(|_| Guests::start(IDLE / IDLE_PROCESSES, &host.url()))
        .collect::<Result<Vec<_>>>()?;
    host.gather(IDLE)?;
    thread::sleep(HEARTBEAT * 5 / 2);
    // Nobody has gone meanwhile.
    host.gather(IDLE)?;
    let after = host.memory()?;
    drop(guests);
    println!(
        "{IDLE} idle connections: server memory {} before, {} after two heartbeats",
        mebibytes(before),
        mebibytes(after)
    );
    println!("idle  {:.1} KiB per connection", (after - before) as f64 / IDLE as f64 / 1024.0);
    Ok(())
}

fn stalled(policy: Policy) -> Result<()> {
    let mut host = start_host(policy)?;
    let mut readers = Guests::start(AUDIENCE - 1, &host.url())?;
    let mut stalling = Guests::start(1, &host.url())?;
    host.gather(AUDIENCE)?;
    println!("slow consumer: {}", value_name(policy));
    round("all read", &mut host, &mut readers, BEFORE)?;
    stalling.stall()?;
    round("one has stopped", &mut host, &mut readers, DURING)
}

/// Broadcasts so often, and prints what came of it.
fn round(name: &str, host: &mut Host, readers: &mut Guests, count: u64) -> Result<()> {
    let sent = host.broadcast(count)?;
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

/// On a port of the operating system's choice.
fn start_host(policy: Policy) -> Result<Host> {
    Host::start((Ipv4Addr::LOCALHOST, 0).into(), policy)
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0)
}
