//! External types without bounds. The sender chooses the depth of nesting, or the number of
//! elements of size zero. A schema cannot express such types.

use serde::{Deserialize, Serialize};

/// A recursive type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nested {
    /// The innermost level.
    End,
    /// A level around another one.
    Within(Box<Nested>),
}

/// A list of elements of size zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units(pub Vec<()>);
