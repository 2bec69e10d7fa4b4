use std::time::Duration;

/// The waits between attempts: exponential backoff with full jitter (M. Brooker, "Exponential
/// Backoff And Jitter", 2015).
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

/// The longest wait that a server can request.
const LONGEST_REQUESTED: Duration = Duration::from_secs(60 * 60);

/// The upper bound of any backoff. Multiplying a much longer duration could overflow.
const LONGEST_BACKOFF: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest: longest.max(first).min(LONGEST_BACKOFF), failures: 0 }
    }

    /// Returns the wait before the next attempt: `retry_after`, which the server has requested,
    /// plus the jittered backoff. `random` is uniformly distributed from 0 to 1.
    pub(crate) fn next(&mut self, random: f64, retry_after: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        let jittered = doubled.min(self.longest).mul_f64(random.clamp(0.0, 1.0));
        retry_after.unwrap_or_default().min(LONGEST_REQUESTED).saturating_add(jittered)
    }

    /// Starts again from the shortest wait.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test;

    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(2);

    #[test]
    fn wait_doubles_up_to_the_longest() {
        let mut backoff = Backoff::new(FIRST, LONGEST);
        let waits: Vec<u128> = (0..7).map(|_| backoff.next(1.0, None).as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 2000, 2000]);
    }

    #[test]
    fn jitter_is_spread_over_the_whole_wait() {
        let mut backoff = Backoff::new(FIRST, LONGEST);
        assert_eq!(backoff.next(0.0, None), Duration::ZERO);
        assert_eq!(backoff.next(0.5, None), FIRST);
    }

    #[test]
    fn retry_after_is_added_to_the_backoff() {
        let mut backoff = Backoff::new(FIRST, LONGEST);
        let retry_after = Duration::from_secs(5);
        assert_eq!(backoff.next(1.0, Some(retry_after)), retry_after + FIRST);
        // A server cannot stop a client for days.
        assert_eq!(backoff.next(0.0, Some(100 * LONGEST_REQUESTED)), LONGEST_REQUESTED);
    }

    #[test]
    fn extreme_waits_do_not_overflow() {
        let mut backoff = Backoff::new(Duration::MAX, Duration::MAX);
        for _ in 0..100 {
            assert!(backoff.next(0.5, None) > Duration::ZERO);
        }
        backoff.reset();
        let longest = backoff.next(1.0, Some(Duration::MAX));
        assert_eq!(longest, LONGEST_REQUESTED + LONGEST_BACKOFF);
    }
}
