//! A server and several load generators, each in its own process. A load generator runs many
//! clients.

mod clients;
mod server;

pub(crate) use clients::{Clients, Reconnects, run_clients};
pub(crate) use server::{ServerProcess, SlowConsumerPolicy, run_server};

use std::{
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::Result;

/// The heartbeat interval of the server, short enough for several heartbeats in a measurement.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(2);

/// The time limit of every wait.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

/// Waits until the condition holds. `description` completes "timed out waiting until …".
fn wait_until(description: &str, mut condition: impl FnMut() -> bool) -> Result<()> {
    let start = Instant::now();
    while !condition() {
        if start.elapsed() > WAIT_TIMEOUT {
            return Err(
                format!("timed out after {WAIT_TIMEOUT:?} waiting until {description}").into()
            );
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Returns the time since 1970 in nanoseconds. All processes of this machine share this clock.
pub(crate) fn now() -> Result<u64> {
    Ok(u64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_nanos())?)
}
