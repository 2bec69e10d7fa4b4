//! The difference between two schemas: a list of changes, each with its path, its level, and the
//! messages and requests that it affects.

mod compare;
mod list;
mod uses;

use std::fmt;

use self::{compare::Comparison, uses::Uses};
use crate::model::Schema;

/// The maximum number of changes that [`diff`] returns.
pub const MAX_CHANGES: usize = 256;

/// Returns the changes from the old schema to the new one, in the order of a schema: channel,
/// directions, types. Equal schemas have no changes.
///
/// The schemas may come from an untrusted peer: time is linear in the size of both, and the result
/// has at most [`MAX_CHANGES`] changes of bounded length.
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    let found = Comparison::new(old, new).run();
    let (old, new) = (Uses::new(old), Uses::new(new));
    let changes = found.into_iter().map(|found| {
        let used_by = found.declaration.map_or_else(Vec::new, |name| {
            let used_by = new.of(name);
            if used_by.is_empty() { old.of(name) } else { used_by }
        });
        Change { path: found.path, from: found.from, to: found.to, level: found.level, used_by }
    });
    changes.collect()
}

/// A change between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The path of the changed element: `RoomId.0`, `JoinError::Banned.until`,
    /// `ClientRequest::Join`.
    pub path: String,
    /// The old value; `None` for an added element.
    pub from: Option<String>,
    /// The new value; `None` for a removed element.
    pub to: Option<String>,
    /// The effect on the compatibility of peers.
    pub level: Level,
    /// The first few uses of the changed type, as in `ClientRequest::Join.room`. Empty if no type
    /// changed, but the messages or requests of a direction.
    pub used_by: Vec<String>,
}

/// `RoomId.0: u32 -> u64`, `Hello.age: added u8`, `Hello.name: removed String`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, from, to, .. } = self;
        match (from, to) {
            (Some(from), Some(to)) => write!(f, "{path}: {from} -> {to}"),
            (None, Some(to)) => write!(f, "{path}: added {to}"),
            (Some(from), None) => write!(f, "{path}: removed {from}"),
            (None, None) => f.write_str(path),
        }
    }
}

/// The effect of a change on the compatibility of peers, in increasing severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only names in source code change. The encoding is the same.
    SourceOnly,
    /// A variant is added at the end of an enum. The encoding of the old variants is the same.
    Additive,
    /// The encoding, or its meaning, is different.
    WireBreaking,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SourceOnly => "source only",
            Self::Additive => "additive",
            Self::WireBreaking => "breaks the wire",
        })
    }
}
