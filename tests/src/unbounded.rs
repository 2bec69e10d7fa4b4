//! External types without bounds, which a schema cannot express: the sender chooses the depth of
//! nesting, and the number of elements of size zero.

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
