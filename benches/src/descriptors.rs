use std::fs;

use crate::Result;

/// Returns an error unless a process may open this number of sockets.
pub(crate) fn check_limit(sockets: usize) -> Result<()> {
    const LIMITS: &str = "/proc/self/limits";
    let limits = fs::read_to_string(LIMITS)
        .map_err(|error| format!("cannot read `{LIMITS}`, which needs Linux: {error}"))?;
    let needed = sockets as u64 + OTHER_DESCRIPTORS;
    match hard_limit(&limits) {
        Some(limit) if limit < needed => Err(format!(
            "a process needs {needed} file descriptors, but its limit is {limit}: raise the hard \
             limit, for example with `ulimit -n {needed}` as root or in /etc/security/limits.conf"
        )
        .into()),
        _ => Ok(()),
    }
}

/// The maximum number of file descriptors of the runtime, the standard streams and the listener.
const OTHER_DESCRIPTORS: u64 = 32;

/// Returns the hard limit of file descriptors, or `None` if there is none.
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
