use std::{sync::Mutex, time::Duration};

use super::TokenRefusal;
use crate::{sync::lock, time::Instant};

/// Decides which refusals of tokens are reported as a warning about clocks. Peers cause refusals,
/// so there is at most one warning per [`ClockWarnings::INTERVAL`].
#[derive(Debug, Default)]
pub(crate) struct ClockWarnings(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    accepted_at: Option<Instant>,
    warned_at: Option<Instant>,
}

impl ClockWarnings {
    pub(crate) const INTERVAL: Duration = Duration::from_secs(60);

    /// Records that a token was accepted.
    pub(crate) fn accepted(&self, now: Instant) {
        lock(&self.0).accepted_at = Some(now);
    }

    /// Returns whether this refusal must be reported as a warning. `renews` is true for the fresh
    /// token of a session.
    pub(crate) fn is_due(&self, refusal: TokenRefusal, renews: bool, now: Instant) -> bool {
        let mut state = lock(&self.0);
        let recent = |time: Option<Instant>| {
            time.is_some_and(|time| now.saturating_duration_since(time) < Self::INTERVAL)
        };
        let clocks_differ = match refusal {
            TokenRefusal::NotYetValid { .. } => true,
            // Honest clients connect with old tokens. But a fresh token is not old, and a server
            // whose clock is far ahead accepts no token at all.
            TokenRefusal::Expired { .. } => renews || !recent(state.accepted_at),
            _ => false,
        };
        let due = clocks_differ && !recent(state.warned_at);
        if due {
            state.warned_at = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{test, time::now};

    const EARLY: TokenRefusal = TokenRefusal::NotYetValid { early: Duration::from_secs(60) };
    const LATE: TokenRefusal = TokenRefusal::Expired { late: Duration::from_secs(60) };

    #[test]
    fn refusals_by_the_clock_are_reported_once_per_interval() {
        let start = now();
        for (refusal, renews, accepted, expected) in [
            (EARLY, false, false, true),
            (EARLY, false, true, true),
            (EARLY, true, true, true),
            (LATE, false, false, true),
            (LATE, false, true, false),
            (LATE, true, true, true),
            (TokenRefusal::Signature, true, false, false),
            (TokenRefusal::Audience, true, false, false),
            (TokenRefusal::Revoked, true, false, false),
        ] {
            let warnings = ClockWarnings::default();
            let row = format!("{refusal:?}, renews: {renews}, accepted: {accepted}");
            if accepted {
                warnings.accepted(start);
            }
            assert_eq!(warnings.is_due(refusal, renews, start), expected, "{row}");
            let soon = start + ClockWarnings::INTERVAL - Duration::from_nanos(1);
            assert!(!warnings.is_due(refusal, renews, soon), "{row}");
            // No token was accepted for a whole interval.
            let later = warnings.is_due(refusal, renews, start + ClockWarnings::INTERVAL);
            let by_clock = [EARLY, LATE].contains(&refusal);
            assert_eq!(later, by_clock, "{row}");
        }
    }
}
