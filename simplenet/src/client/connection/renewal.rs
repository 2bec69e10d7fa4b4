//! The times at which a client requests fresh tokens. They follow from the expiry that the server
//! announces, so no wall clock has an effect on them.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::Duration,
};

use crate::{
    session::Expiry,
    time::{Instant, Timer},
};

/// The maximum time between the request for a fresh token and the expiry of the session.
const MAX_MARGIN: Duration = Duration::from_secs(60);

/// The shortest time between two requests for a fresh token.
pub(super) const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// Waits until the session needs a fresh token. `expiry` is called at each poll of the task.
/// `sent_at` is the time at which the last token was sent.
pub(super) async fn until_renewal(expiry: impl Fn() -> Option<Expiry>, sent_at: Option<Instant>) {
    let mut timer: Option<Timer> = None;
    poll_fn(|context| {
        let Some(expiry) = expiry() else {
            timer = None;
            return Poll::Pending;
        };
        let time = renewal(expiry, sent_at);
        if timer.as_ref().is_some_and(|timer| timer.deadline() != time) {
            timer = None;
        }
        Pin::new(timer.get_or_insert_with(|| Timer::at(time))).poll(context)
    })
    .await;
}

/// Returns the time at which the next token is requested: when a fifth of the remaining time is
/// left, but at most [`MAX_MARGIN`] before the expiry.
///
/// Until the server has announced the expiry of the last token, that token may be late or lost. So
/// the remaining time is then counted from the moment at which the token was sent.
pub(super) fn renewal(expiry: Expiry, sent_at: Option<Instant>) -> Instant {
    let from = sent_at.map_or(expiry.told_at, |sent_at| sent_at.max(expiry.told_at));
    let left = expiry.expires_at.saturating_duration_since(from);
    from + (left - (left / 5).min(MAX_MARGIN)).max(MIN_INTERVAL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{test, time::now};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn fresh_token_is_requested_before_the_session_expires() {
        let told_at = now();
        for (left, wait) in [
            (3600 * SECOND, 3540 * SECOND),
            (100 * SECOND, 80 * SECOND),
            (2 * SECOND, Duration::from_millis(1600)),
            (SECOND, SECOND),
            (Duration::ZERO, SECOND),
        ] {
            let expiry = Expiry { told_at, expires_at: told_at + left };
            assert_eq!(renewal(expiry, None) - told_at, wait, "{left:?}");
            let before = told_at.checked_sub(SECOND);
            assert_eq!(renewal(expiry, before) - told_at, wait, "{left:?}, after an answer");
        }
    }

    #[test]
    fn unanswered_fresh_token_is_followed_by_another_one() {
        let told_at = now();
        let expiry = Expiry { told_at, expires_at: told_at + 3600 * SECOND };
        let mut sent_at = renewal(expiry, None);
        let mut waits = Vec::new();
        for _ in 0..5 {
            let next = renewal(expiry, Some(sent_at));
            waits.push((next - sent_at).as_secs());
            sent_at = next;
        }
        assert_eq!(waits, [48, 9, 1, 1, 1]);
    }
}
