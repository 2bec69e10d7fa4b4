use std::fs;

use crate::Result;

/// Returns the resident memory of a process in bytes.
pub(crate) fn resident_memory(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read `{path}`, which needs Linux: {error}"))?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|value| value.split_whitespace().next())
        .ok_or_else(|| format!("`{path}` has no VmRSS, because the process has ended"))?;
    Ok(kilobytes.parse::<u64>()? * 1024)
}
