use std::{fs, time::Duration};

use crate::Result;

/// Returns the CPU time that the running threads of these processes have used, in user and kernel
/// mode.
pub(crate) fn used_by<const N: usize>(processes: [u32; N]) -> Result<Duration> {
    processes.into_iter().map(used_by_process).sum()
}

/// Reads the statistics of the scheduler, which are in nanoseconds.
fn used_by_process(process: u32) -> Result<Duration> {
    let unreadable = |error| {
        format!("cannot read the CPU time of process {process}, which needs Linux: {error}")
    };
    let mut total = Duration::ZERO;
    for task in fs::read_dir(format!("/proc/{process}/task")).map_err(unreadable)? {
        let statistics = fs::read_to_string(task?.path().join("schedstat")).map_err(unreadable)?;
        let running = statistics.split_whitespace().next().unwrap_or_default();
        total += Duration::from_nanos(running.parse()?);
    }
    Ok(total)
}
