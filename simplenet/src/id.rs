use std::fmt;

use serde::{Deserialize, Serialize};

/// Who a client is: chosen by the application, unique among the clients of one server at a time.
///
/// A client keeps its id across reconnects; the server sees one session per id at a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientId(u128);

impl ClientId {
    /// An id from its number.
    pub const fn new(id: u128) -> Self {
        Self(id)
    }

    /// The number.
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
