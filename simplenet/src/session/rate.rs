use std::time::Duration;

use crate::time::Instant;

/// The rate limit of one client's messages and requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitConfig {
    /// The long-term rate in frames per second, at least 1.
    pub per_second: u32,
    /// The number of frames that may arrive at once after a pause, at least 1.
    pub burst: u32,
    /// The reaction of the server to a client that exceeds the limit.
    pub on_excess: RateExcess,
}

/// The reaction to a client that exceeds its rate limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateExcess {
    /// The server reads from the client at the limited rate. TCP slows the client down, and no
    /// message is lost.
    #[default]
    Throttle,
    /// The session ends with [`RateLimited`](crate::CloseReason::RateLimited).
    Close,
}

/// A token bucket. It fills over time, and every frame removes one token.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    limit: RateLimitConfig,
    /// The fill level. One token is [`TOKEN`] units, so that filling loses no fraction of a token.
    /// The frames of one batch may overdraw the bucket. The next frame then waits longer.
    level: i128,
    filled_at: Instant,
}

/// The number of units of one token.
const TOKEN: i128 = 1_000_000_000;

/// The result of removing a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A token was removed, and there is another one for the next frame.
    Taken,
    /// A token was removed. The next frame must not be read before this time.
    TakenUntil(Instant),
    /// There was no token, so the session must be closed.
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

    /// Removes a token for a received frame.
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
        // 2^64 nanoseconds are more than 500 years, so the cap has no effect in practice.
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
    fn burst_passes_and_the_next_frame_waits() {
        let start = now();
        let mut bucket = bucket(RateExcess::Throttle, start);
        assert_eq!(bucket.take(start), Token::Taken);
        assert_eq!(bucket.take(start), Token::Taken);
        assert_eq!(bucket.take(start), Token::TakenUntil(start + SECOND / 10));
    }

    #[test]
    fn long_term_rate_holds_for_large_batches() {
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
        assert!((600..=670).contains(&taken), "{taken} frames in a minute");
    }

    #[test]
    fn closing_limit_refuses_the_first_excess_frame() {
        let start = now();
        let mut bucket = bucket(RateExcess::Close, start);
        for _ in 0..3 {
            assert_eq!(bucket.take(start), Token::Taken);
        }
        assert_eq!(bucket.take(start), Token::Refused);
        assert_eq!(bucket.take(start + SECOND / 10), Token::Taken);
    }

    #[test]
    fn pause_fills_at_most_one_burst() {
        let start = now();
        let mut bucket = bucket(RateExcess::Close, start);
        let later = start + 1_000_000 * SECOND;
        for _ in 0..3 {
            assert_eq!(bucket.take(later), Token::Taken);
        }
        assert_eq!(bucket.take(later), Token::Refused);
    }
}
