use std::fs;

use crate::Result;

/// Returns an error unless a process may open `sockets` sockets.
pub(crate) fn check(sockets: usize) -> Result<()> {
    let limits = fs::read_to_string("/proc/self/limits").map_err(|error| {
        format!("cannot read the limits of a process, which needs Linux: {error}")
    })?;
    let needed = sockets as u64 + SPARE;
    match hard_limit(&limits) {
        Some(limit) if limit < needed => Err(format!(
            "a process needs {needed} file descriptors and may have {limit}: raise the hard limit, \
             for example with `ulimit -n {needed}` as root or in /etc/security/limits.conf"
        )
        .into()),
        _ => Ok(()),
    }
}

/// File descriptors of the runtime, the standard streams and the listener.
const SPARE: u64 = 32;

/// Returns the limit on file descriptors, or `None` if there is none.
fn hard_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hard_limit_is_the_second_number() {
        let limits =
            "Limit      Soft Limit   Hard Limit   Units\nMax open files   1024   4096   files\n";
        assert_eq!(hard_limit(limits), Some(4096));
        assert_eq!(hard_limit(&limits.replace("4096", "unlimited")), None);
    }
}
