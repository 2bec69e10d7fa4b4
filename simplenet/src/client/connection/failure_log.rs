//! The log of failed attempts to connect.

use std::time::Duration;

use crate::{
    id::ClientId,
    text::{after, error_chain},
    transport::ConnectError,
};

/// The number of reasons for which a client logs a warning between two sessions.
const MAX_REASONS: usize = 16;

/// Logs a warning for each new reason of a failure, so that a server that stays unreachable does
/// not fill the log. A warning contains no text of the peer.
#[derive(Debug, Default)]
pub(super) struct FailureLog {
    reasons: Vec<String>,
}

impl FailureLog {
    /// Logs that the attempt before `attempt` failed with `error`.
    pub(super) fn record(
        &mut self,
        client: ClientId,
        error: &ConnectError,
        attempt: u32,
        delay: Duration,
    ) {
        let reason = error.summary();
        if self.is_new(&reason) {
            tracing::warn!(%client, "cannot connect: {reason}; trying again");
            self.reasons.push(reason);
        }
        let (error, next) = (error_chain(error), after(delay));
        tracing::debug!(%client, "cannot connect: {error}; attempt {attempt} follows {next}");
    }

    /// Forgets the reasons. Called when a session begins.
    pub(super) fn clear(&mut self) {
        self.reasons.clear();
    }

    fn is_new(&self, reason: &String) -> bool {
        self.reasons.len() < MAX_REASONS && !self.reasons.contains(reason)
    }
}
