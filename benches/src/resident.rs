use std::fs;

use crate::Result;

/// Returns the resident memory of a process in bytes.
pub(crate) fn of(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).map_err(|error| {
        format!("cannot read the memory of a process, which needs Linux: {error}")
    })?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|value| value.split_whitespace().next())
        .ok_or("the process has no memory any more")?;
    Ok(kilobytes.parse::<u64>()? * 1024)
}
