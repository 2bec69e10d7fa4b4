//! Foreign types of the kinds that a schema itself refuses: their sender decides how deep they nest, and how often
//! nothing is read.

use serde::{Deserialize, Serialize};

/// As deep as its sender likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nested {
    /// No deeper.
    End,
    /// Deeper.
    Within(Box<Nested>),
}

/// As many as its sender says, in no bytes at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothings(pub Vec<()>);
