use std::sync::Mutex;

use crate::{sync::lock, wire::SecretBytes};

/// The fresh tokens of one session. Tokens are verified one at a time. If further tokens arrive
/// during a verification, only the newest of them waits.
#[derive(Debug, Default)]
pub(crate) struct FreshTokens(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    Verifying {
        waiting: Option<SecretBytes>,
    },
}

impl FreshTokens {
    /// Stores a token. Returns true if the caller must verify the waiting tokens, and false if an
    /// earlier caller still does.
    pub(crate) fn push(&self, token: SecretBytes) -> bool {
        let mut state = lock(&self.0);
        let idle = matches!(*state, State::Idle);
        *state = State::Verifying { waiting: Some(token) };
        idle
    }

    /// Returns the next token to verify. After it has returned `None`, the next caller of
    /// [`FreshTokens::push`] must verify tokens.
    pub(crate) fn next(&self) -> Option<SecretBytes> {
        let mut state = lock(&self.0);
        let next = match &mut *state {
            State::Idle => None,
            State::Verifying { waiting } => waiting.take(),
        };
        if next.is_none() {
            *state = State::Idle;
        }
        next
    }
}
