use std::fmt;

use serde::{Deserialize, Serialize};

/// The identity of a client, which the application chooses.
///
/// A client keeps its id when it reconnects. A server has at most one session per id at any time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientId(u128);

impl ClientId {
    /// Creates an id from a number.
    pub const fn new(id: u128) -> Self {
        Self(id)
    }

    /// Returns the number.
    pub const fn get(self) -> u128 {
        self.0
    }
}

impl From<u128> for ClientId {
    fn from(id: u128) -> Self {
        Self(id)
    }
}

impl From<ClientId> for u128 {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.0)
    }
}
