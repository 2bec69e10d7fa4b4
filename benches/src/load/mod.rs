//! A server and a load generator of many clients, in separate processes.

mod clients;
mod server;

pub(crate) use clients::{Clients, Returns, attend};
pub(crate) use server::{Policy, ServerProcess, server};

use std::{
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::Result;

/// A heartbeat interval that is short enough for several heartbeats in a measurement.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(2);

/// Deadline of every wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the condition holds.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so() {
        if began.elapsed() > PATIENCE {
            return Err(format!("waited {PATIENCE:?} in vain until {what}").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Returns the nanoseconds of the monotonic clock that all processes of this machine share.
pub(crate) fn now() -> Result<u64> {
    Ok(u64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_nanos())?)
}
