//! The intermediate representation: the result of `resolve` and the input of `generate`.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Span, TokenStream};
use simplenet_schema::{RawSchema, Schema, canonical, protocol_hash};

/// A channel without errors.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(crate) schema: Schema,
    pub(crate) ir: Ir,
}

impl Channel {
    /// Returns the schema: the types that are sent, without docs and derives.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Returns the protocol hash.
    pub fn hash(&self) -> u128 {
        protocol_hash(&canonical::write(&self.schema))
    }
}

/// A file of types that several channels share, with all files that it includes, without errors.
#[derive(Clone, Debug)]
pub struct SharedTypes {
    /// The schema of an artificial channel whose server sends every type of the file.
    pub(crate) schema: Schema,
    pub(crate) ir: Ir,
}

/// The name of the artificial channel of a file of shared types. The name is the same for all
/// files, so the hash of the types does not depend on the name of the file.
pub(crate) const TYPES_CHANNEL: &str = "types-that-channels-share";

/// The input of the code generator: the types in the order of their declaration, with docs and
/// derives.
#[derive(Clone, Debug)]
pub(crate) struct Ir {
    pub(crate) raw: RawSchema,
    /// Docs by path: `Hello`, `Hello.name`, `JoinError.Banned.until`.
    pub(crate) docs: HashMap<String, String>,
    pub(crate) derives: Derives,
    /// The spans of the names that a module declares. The keys are the same paths as in `docs`. By
    /// the spans, editors find the declaration of a generated type.
    pub(crate) spans: HashMap<String, Span>,
    /// The types that another module holds; `raw` does not contain them.
    pub(crate) shared: Vec<SharedUse>,
}

/// The derives of each type, in addition to the derives that all types have.
pub(crate) type Derives = HashMap<String, BTreeSet<Derive>>;

/// A trait that a type derives because the schema requests it, or because the type is a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Derive {
    Copy,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    /// A derive macro of another crate, by its full path.
    Path(String),
}

/// The types that a channel imports from a [`TypesModule`](crate::TypesModule).
#[derive(Clone, Debug)]
pub(crate) struct SharedUse {
    pub(crate) path: TokenStream,
    /// The name of the included file, without its extension.
    pub(crate) file: String,
    pub(crate) names: Vec<String>,
    /// The hash of all types that the module should hold.
    pub(crate) hash: u128,
}
