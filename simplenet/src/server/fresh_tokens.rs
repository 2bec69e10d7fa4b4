use std::sync::Mutex;

use crate::{sync::lock, wire::SecretBytes};

/// The fresh tokens of one session: one is judged at a time, and of those that come meanwhile the newest waits.
#[derive(Debug, Default)]
pub(crate) struct FreshTokens(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    Judging {
        waiting: Option<SecretBytes>,
    },
}

impl FreshTokens {
    /// True if the caller is to judge what waits.
    pub(crate) fn push(&self, token: SecretBytes) -> bool {
        let mut state = lock(&self.0);
        let idle = matches!(*state, State::Idle);
        *state = State::Judging { waiting: Some(token) };
        idle
    }

    /// The next to judge; after `None`, whoever pushes judges.
    pub(crate) fn next(&self) -> Option<SecretBytes> {
        let mut state = lock(&self.0);
        let next = match &mut *state {
            State::Idle => None,
            State::Judging { waiting } => waiting.take(),
        };
        if next.is_none() {
            *state = State::Idle;
        }
        next
    }
}
