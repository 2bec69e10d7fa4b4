use std::{net::Ipv4Addr, thread, time::Duration};

use clap::ValueEnum;

use crate::{
    Result, descriptors,
    load::{Clients, HEARTBEAT, ServerProcess, SlowConsumerPolicy},
    machine::machine,
    process::value_name,
};

/// The number of idle connections.
const IDLE_CLIENTS: usize = 2_000;

/// The number of processes with idle clients.
const IDLE_PROCESSES: usize = 2;

/// The number of clients that receive the broadcasts. One of them stops reading.
const CLIENTS: usize = 1_000;

/// The size of the payload of a broadcast in bytes.
pub(crate) const BROADCAST_BYTES: usize = 4 * 1024;

/// The interval between two broadcasts.
pub(crate) const BROADCAST_INTERVAL: Duration = Duration::from_millis(50);

/// The outbox limit of one session in bytes.
pub(crate) const OUTBOX_BYTES: usize = 1024 * 1024;

/// The number of broadcasts while all clients read.
const BROADCASTS_TO_READERS: u64 = 100;

/// The number of broadcasts while one client reads nothing. They fill the socket buffers and then
/// the outbox.
const BROADCASTS_TO_SLOW_CONSUMER: u64 = 400;

/// Prints the server's memory per idle connection, then its memory and the deliveries during
/// broadcasts.
pub(crate) fn run() -> Result<()> {
    descriptors::check_limit(IDLE_CLIENTS)?;
    println!("{}\n", machine());
    measure_idle_connections()?;
    println!(
        "\n{CLIENTS} clients, a broadcast of {} KiB every {} ms, `outbox_bytes` {} KiB:",
        BROADCAST_BYTES / 1024,
        BROADCAST_INTERVAL.as_millis(),
        OUTBOX_BYTES / 1024,
    );
    println!(
        "the peak memory of the server, and the deliveries to all clients except the slow one.\n"
    );
    for policy in SlowConsumerPolicy::value_variants() {
        measure_slow_consumer(*policy)?;
    }
    Ok(())
}

fn measure_idle_connections() -> Result<()> {
    let mut server = start_server(SlowConsumerPolicy::Disconnect)?;
    server.wait_for_clients(0)?;
    let before = server.memory()?;
    let clients = (0..IDLE_PROCESSES)
        .map(|_| Clients::start(IDLE_CLIENTS / IDLE_PROCESSES, &server.url()))
        .collect::<Result<Vec<_>>>()?;
    server.wait_for_clients(IDLE_CLIENTS)?;
    thread::sleep(HEARTBEAT * 5 / 2);
    // Fails if a client has disconnected during the measurement.
    server.wait_for_clients(IDLE_CLIENTS)?;
    let after = server.memory()?;
    drop(clients);
    println!(
        "{IDLE_CLIENTS} idle connections: server memory {} before, {} after two heartbeats",
        mebibytes(before),
        mebibytes(after)
    );
    println!(
        "idle  {:.1} KiB per connection",
        (after - before) as f64 / IDLE_CLIENTS as f64 / 1024.0
    );
    Ok(())
}

fn measure_slow_consumer(policy: SlowConsumerPolicy) -> Result<()> {
    let mut server = start_server(policy)?;
    let mut readers = Clients::start(CLIENTS - 1, &server.url())?;
    let mut slow_consumer = Clients::start(1, &server.url())?;
    server.wait_for_clients(CLIENTS)?;
    println!("slow consumer: {}", value_name(policy));
    broadcast("all read", &mut server, &mut readers, BROADCASTS_TO_READERS)?;
    slow_consumer.stop_receiving()?;
    broadcast("one reads nothing", &mut server, &mut readers, BROADCASTS_TO_SLOW_CONSUMER)
}

/// Sends `count` broadcasts, and prints the results.
fn broadcast(
    name: &str,
    server: &mut ServerProcess,
    readers: &mut Clients,
    count: u64,
) -> Result<()> {
    let broadcasts = server.broadcast(count)?;
    let expected = count * (CLIENTS as u64 - 1);
    let deliveries = readers.deliveries(expected)?;
    println!(
        "  {name:<17}  memory {:>9}  delivered {} of {expected}, median {:.1?}, 99% within {:.1?}; \
         {} dropped, {} connected",
        mebibytes(broadcasts.memory),
        deliveries.count,
        deliveries.median,
        deliveries.percentile_99,
        broadcasts.overflowed,
        broadcasts.clients,
    );
    Ok(())
}

/// Starts a server on a port that the operating system chooses.
fn start_server(policy: SlowConsumerPolicy) -> Result<ServerProcess> {
    ServerProcess::start((Ipv4Addr::LOCALHOST, 0).into(), policy)
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0)
}
