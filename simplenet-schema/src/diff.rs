//! How two schemas differ: a list of changes, each with its path, what it means for the wire, and who is affected.

mod compare;
mod list;
mod uses;

use std::fmt;

use self::{compare::Comparison, uses::Uses};
use crate::Schema;

/// The most changes that [`diff`] tells.
pub const MAX_CHANGES: usize = 256;

/// What has to change in the old schema to make it the new one, in the order of a schema: channel, directions, types.
///
/// Fit for schemas that a peer sent: time is linear in the size of both, and what comes out is bounded by
/// [`MAX_CHANGES`] changes of bounded texts. No changes at all means equal schemas.
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

/// One difference between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What changes: `RoomId.0`, `JoinError::Banned.until`, `ClientRequest::Join`.
    pub path: String,
    /// What it was; nothing if it is added.
    pub from: Option<String>,
    /// What it becomes; nothing if it is removed.
    pub to: Option<String>,
    /// What that means for peers of the other schema.
    pub level: Level,
    /// Where the changed type travels, as in `ClientRequest::Join.room`: the first few places. Empty for a change of a
    /// direction itself.
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

/// What a change means for peers of the other schema, from harmless to fatal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The same bytes under another name: only source code has to follow.
    SourceOnly,
    /// Something new at the end of an enum: all that was sent before still means the same.
    Additive,
    /// The same bytes no longer mean the same.
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
