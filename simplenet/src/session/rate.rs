use std::time::Duration;

use crate::time::Instant;

/// How many messages and requests one client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitConfig {
    /// How many in a second, in the long run; at least one.
    pub per_second: u32,
    /// How many at once, after a pause; at least one.
    pub burst: u32,
    /// What happens to a client that sends more.
    pub on_excess: RateExcess,
}

/// What happens to a client that sends more than its rate limit allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateExcess {
    /// The server reads from it no faster than that: TCP makes it wait, and nothing is lost.
    #[default]
    Throttle,
    /// The session ends with [`RateLimited`](crate::CloseReason::RateLimited).
    Close,
}

/// A token bucket: fills with time, and every frame takes one token out.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    limit: RateLimitConfig,
    /// Frames read at once may overdraw it: then it takes longer until the next one. In units of which a token has
    /// [`TOKEN`], so that no fraction of a nanosecond is lost.
    level: i128,
    filled_at: Instant,
}

const TOKEN: i128 = 1_000_000_000;

/// What a frame finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A token, and there is another one for the next frame.
    Taken,
    /// The next frame should not come before then.
    TakenUntil(Instant),
    /// None, and clients that exceed the rate are to be closed.
    Refused,
}

impl TokenBucket {
    pub(crate) fn new(limit: RateLimitConfig, now: Instant) -> Self {
        let limit = RateLimitConfig {
            per_second: limit.per_second.max(1),
            burst: limit.burst.max(1),
            ..limit
        };
        Self { limit, level: i128::from(limit.burst) * TOKEN, filled_at: now }
    }

    /// Takes a token for a frame that has come.
    pub(crate) fn take(&mut self, now: Instant) -> Token {
        self.fill(now);
        if self.level < TOKEN && self.limit.on_excess == RateExcess::Close {
            return Token::Refused;
        }
        self.level -= TOKEN;
        let missing = TOKEN - self.level;
        if missing <= 0 || self.limit.on_excess == RateExcess::Close {
            return Token::Taken;
        }
        let rate = u128::from(self.limit.per_second);
        let wait = missing.unsigned_abs().div_ceil(rate);
        Token::TakenUntil(now + Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX)))
    }

    fn fill(&mut self, now: Instant) {
        // A second fills no more than a burst of four thousand million tokens, and nobody waits for centuries.
        let passed = now.saturating_duration_since(self.filled_at).as_nanos().min(u64::MAX.into());
        let filled = i128::try_from(passed)
            .unwrap_or(i128::MAX)
            .saturating_mul(self.limit.per_second.into());
        let full = i128::from(self.limit.burst) * TOKEN;
        self.level = self.level.saturating_add(filled).min(full);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test;
    use crate::time::now;

    const SECOND: Duration = Duration::from_secs(1);

    fn bucket(on_excess: RateExcess, now: Instant) -> TokenBucket {
        TokenBucket::new(RateLimitConfig { per_second: 10, burst: 3, on_excess }, now)
    }

    #[test]
    fn a_burst_passes_and_the_next_one_waits() {
        let start = now();
        let mut bucket = bucket(RateExcess::Throttle, start);
        assert_eq!(bucket.take(start), Token::Taken);
        assert_eq!(bucket.take(start), Token::Taken);
        assert_eq!(bucket.take(start), Token::TakenUntil(start + SECOND / 10));
    }

    #[test]
    fn the_rate_holds_in_the_long_run_however_much_is_read_at_once() {
        let start = now();
        let mut bucket = bucket(RateExcess::Throttle, start);
        let mut at = start;
        let mut taken = 0;
        while at < start + 60 * SECOND {
            let mut next = at;
            for _ in 0..64 {
                taken += 1;
                if let Token::TakenUntil(until) = bucket.take(at) {
                    next = until;
                }
            }
            assert!(next > at);
            at = next;
        }
        assert!((600..=670).contains(&taken), "{taken} in a minute");
    }

    #[test]
    fn who_is_to_be_closed_is_refused_at_the_first_excess() {
        let start = now();
        let mut bucket = bucket(RateExcess::Close, start);
        for _ in 0..3 {
            assert_eq!(bucket.take(start), Token::Taken);
        }
        assert_eq!(bucket.take(start), Token::Refused);
        assert_eq!(bucket.take(start + SECOND / 10), Token::Taken);
    }

    #[test]
    fn a_pause_fills_no_more_than_a_burst() {
        let start = now();
        let mut bucket = bucket(RateExcess::Close, start);
        let later = start + 1_000_000 * SECOND;
        for _ in 0..3 {
            assert_eq!(bucket.take(later), Token::Taken);
        }
        assert_eq!(bucket.take(later), Token::Refused);
    }
}
