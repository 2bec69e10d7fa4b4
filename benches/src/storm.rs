use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::Duration,
};

use simplenet::ClientConfig;

use crate::{
    Result, descriptors,
    load::{self, Clients, Reconnects, ServerProcess, SlowConsumerPolicy},
    machine::machine,
};

/// The number of clients that lose their server.
const CLIENTS: usize = 1_000;

/// The number of client processes.
const PROCESSES: usize = 2;

/// The time without a server.
const OUTAGE: Duration = Duration::from_secs(2);

/// Kills the server of many clients, restarts it, and prints the attempts and times of the
/// reconnects.
pub(crate) fn run() -> Result<()> {
    descriptors::check_limit(CLIENTS)?;
    let ClientConfig { reconnect_interval, max_reconnect_interval, .. } = ClientConfig::default();
    println!("{}\n", machine());
    println!(
        "{CLIENTS} clients with `reconnect_interval` {reconnect_interval:?} and \
         `max_reconnect_interval` {max_reconnect_interval:?}.\nTheir server is killed, and \
         restarted after {OUTAGE:?}.\n"
    );
    let address = free_address()?;
    let mut server = ServerProcess::start(address, SlowConsumerPolicy::Disconnect)?;
    let mut clients = (0..PROCESSES)
        .map(|_| Clients::start(CLIENTS / PROCESSES, &server.url()))
        .collect::<Result<Vec<_>>>()?;
    server.wait_for_clients(CLIENTS)?;
    clients.iter_mut().try_for_each(Clients::record_reconnects)?;

    let killed = load::now()?;
    server.kill();
    thread::sleep(OUTAGE);
    let mut server = ServerProcess::start(address, SlowConsumerPolicy::Disconnect)?;
    let started = load::now()?;
    let reconnects = clients.iter_mut().map(Clients::reconnects).collect::<Result<Vec<_>>>()?;
    server.wait_for_clients(CLIENTS)?;
    print(reconnects, killed, started);
    Ok(())
}

fn print(reconnects: Vec<Reconnects>, killed: u64, started: u64) {
    let (mut attempts, mut connected) = (Vec::new(), Vec::new());
    for process in reconnects {
        attempts.extend(process.attempts);
        connected.extend(process.connected);
    }
    attempts.sort_unstable();
    connected.sort_unstable();
    let between = |from: u64, to: u64| Duration::from_nanos(to.saturating_sub(from));
    let half = connected.get(connected.len() / 2).copied().unwrap_or_default();
    let all = connected.last().copied().unwrap_or_default();
    println!(
        "attempts     {} in total, {} in the busiest second, {} in the busiest second after the \
         restart",
        attempts.len(),
        busiest(&attempts),
        busiest(&attempts[attempts.partition_point(|&attempt| attempt < started)..]),
    );
    println!(
        "reconnected  {} of {CLIENTS}: half of them {:.1?} after the restart, all of them {:.1?} \
         after the restart and {:.1?} after the kill",
        connected.len(),
        between(started, half),
        between(started, all),
        between(killed, all),
    );
}

/// Returns the largest number of `times` that lie within one second. The times are in nanoseconds
/// and sorted.
fn busiest(times: &[u64]) -> usize {
    let mut first = 0;
    let mut maximum = 0;
    for (last, time) in times.iter().enumerate() {
        while time - times[first] >= 1_000_000_000 {
            first += 1;
        }
        maximum = maximum.max(last - first + 1);
    }
    maximum
}

/// Returns a free address with a port outside the ephemeral range. While there is no server, a
/// client could otherwise use the server's port as its own, and connect to itself.
fn free_address() -> Result<SocketAddr> {
    (20_000..20_100)
        .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .find(|&address| TcpListener::bind(address).is_ok())
        .ok_or_else(|| "no port between 20000 and 20100 is free".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busiest_second_may_begin_at_any_time() {
        const SECOND: u64 = 1_000_000_000;
        let halves: Vec<u64> = [0, 1, 3, 4, 4, 6, 9].map(|half| half * SECOND / 2).to_vec();
        assert_eq!(busiest(&halves), 3);
        assert_eq!(busiest(&[]), 0);
    }
}
