//! One server and many clients, in processes of their own.

mod guests;
mod host;

pub(crate) use guests::{Guests, Returns, attend};
pub(crate) use host::{Host, Policy, host};

use std::{
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::Result;

/// Heartbeats come so often that a measurement sees some.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(2);

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again whether it is so.
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

/// Nanoseconds of a clock that all processes of this machine have in common.
pub(crate) fn now() -> Result<u64> {
    Ok(u64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_nanos())?)
}
