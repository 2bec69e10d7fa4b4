//! The difference between two schemas: a list of changes, each with its path, its uses in the
//! messages of the channel, and its classes, one per direction.
//!
//! `compare` finds the changes, in `list` those of fields and variants. `types` contains the rules
//! for the classes of two types, and `uses` finds the uses.

mod class;
mod compare;
mod list;
mod types;
mod uses;

use std::fmt;

pub use self::{
    class::Class,
    uses::{Direction, Use},
};
use self::{
    class::Classes,
    compare::{Comparison, FoundChange},
    uses::Uses,
};
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
    let (mut old, mut new) = (Uses::new(old), Uses::new(new));
    let changes = found.into_iter().map(|found| {
        let (uses, further_uses) = found.subject.map_or_else(Default::default, |name| {
            let found = new.of(name);
            if found.0.is_empty() { old.of(name) } else { found }
        });
        let Classes { up, down } = found.classes;
        let FoundChange { path, from, to, .. } = found;
        Change { path, from, to, uses, further_uses, up, down }
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
    /// The uses of the changed type, at most 16. Empty if no type changed, but the messages or
    /// requests of a direction.
    pub uses: Vec<Use>,
    /// The number of further uses.
    pub further_uses: u32,
    /// The result of reading an old value by the new schema.
    pub up: Class,
    /// The result of reading a new value by the old schema.
    pub down: Class,
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
