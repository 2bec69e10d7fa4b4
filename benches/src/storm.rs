use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::Duration,
};

use simplenet::ClientConfig;

use crate::{
    Result, descriptors,
    load::{self, Clients, Policy, Returns, ServerProcess},
    machine::machine,
};

/// Number of clients that lose their server.
const CLIENTS: usize = 1_000;

/// Number of client processes.
const PROCESSES: usize = 2;

/// Time without a server.
const OUTAGE: Duration = Duration::from_secs(2);

/// Kills the server of many clients, restarts it, and prints the course of the reconnects.
pub(crate) fn run() -> Result<()> {
    descriptors::check(CLIENTS)?;
    let ClientConfig { reconnect_interval, max_reconnect_interval, .. } = ClientConfig::default();
    println!("{}\n", machine());
    println!(
        "{CLIENTS} clients (`reconnect_interval` {reconnect_interval:?}, at most \
         {max_reconnect_interval:?}); their server is killed, and started again {OUTAGE:?} later.\n"
    );
    let address = free_address()?;
    let mut server = ServerProcess::start(address, Policy::Disconnect)?;
    let mut clients = (0..PROCESSES)
        .map(|_| Clients::start(CLIENTS / PROCESSES, &server.url()))
        .collect::<Result<Vec<_>>>()?;
    server.gather(CLIENTS)?;
    clients.iter_mut().try_for_each(Clients::watch)?;

    let killed = load::now()?;
    server.kill();
    thread::sleep(OUTAGE);
    let mut server = ServerProcess::start(address, Policy::Disconnect)?;
    let started = load::now()?;
    let returns = clients.iter_mut().map(Clients::returns).collect::<Result<Vec<_>>>()?;
    server.gather(CLIENTS)?;
    print(returns, killed, started);
    Ok(())
}

fn print(returns: Vec<Returns>, killed: u64, started: u64) {
    let (mut attempts, mut connected) = (Vec::new(), Vec::new());
    for part in returns {
        attempts.extend(part.attempts);
        connected.extend(part.connected);
    }
    attempts.sort_unstable();
    connected.sort_unstable();
    let after = |moment: u64, from: u64| Duration::from_nanos(moment.saturating_sub(from));
    let half = connected.get(connected.len() / 2).copied().unwrap_or_default();
    let all = connected.last().copied().unwrap_or_default();
    println!(
        "attempts  {} in all, {} in the busiest second, {} in the busiest second of the new server",
        attempts.len(),
        busiest(&attempts),
        busiest(&attempts[attempts.partition_point(|&attempt| attempt < started)..]),
    );
    println!(
        "returned  {} of {CLIENTS}: half {:.1?} after the server was there again, all {:.1?}, \
         which is {:.1?} after it was killed",
        connected.len(),
        after(half, started),
        after(all, started),
        after(all, killed),
    );
}

/// Returns the largest number of times within one second. The times are sorted and in nanoseconds.
fn busiest(moments: &[u64]) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, moment) in moments.iter().enumerate() {
        while moment - moments[first] >= 1_000_000_000 {
            first += 1;
        }
        most = most.max(last - first + 1);
    }
    most
}

/// A port outside of the ephemeral range. While there is no server, a client whose own port is that of the server would
/// connect to itself and keep the port.
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
