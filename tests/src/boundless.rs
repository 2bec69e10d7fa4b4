//! External types of kinds that a schema refuses: the sender chooses the depth of nesting and the number of elements of
//! size zero.

use serde::{Deserialize, Serialize};

/// A recursive type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nested {
    /// The end of the recursion.
    End,
    /// The next level.
    Within(Box<Nested>),
}

/// A list of elements of size zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothings(pub Vec<()>);
