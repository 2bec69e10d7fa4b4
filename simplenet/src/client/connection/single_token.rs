use std::time::{Duration, SystemTime};

use crate::{auth::AuthToken, time::Instant};

/// The only token of a client. The clock of the server decides whether it is valid.
pub(super) struct SingleToken {
    /// The time from its issue to its expiry.
    lifetime: Duration,
    expires_at: SystemTime,
    /// The time at which the client received the token.
    received_at: Instant,
}

/// The time for which a server may accept a token beyond its lifetime, because the server's clock
/// is behind, or because the server grants a grace period. Kerberos tolerates the same difference.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

impl SingleToken {
    pub(super) fn new(token: &AuthToken, received_at: Instant) -> Self {
        let (begin, expires_at) = (token.issued_at().min(token.not_before()), token.expires_at());
        let lifetime = expires_at.duration_since(begin).unwrap_or_default();
        Self { lifetime, expires_at, received_at }
    }

    /// Returns whether the client has had the token for longer than it is valid anywhere.
    ///
    /// The token was issued before the client received it, so the clock of this machine has no
    /// effect. The time during which this machine sleeps may not count.
    pub(super) fn has_certainly_expired(&self, now: Instant) -> bool {
        let held = now.saturating_duration_since(self.received_at);
        held >= self.lifetime.saturating_add(TOLERANCE)
    }

    /// Returns whether the token has expired at `now` by the clock of this machine. This clock may
    /// be wrong, so it only explains a refusal.
    pub(super) fn has_expired_at(&self, now: SystemTime) -> bool {
        self.expires_at <= now
    }
}
