use std::fmt;

use crate::{
    canonical,
    rules::{MAX_ARRAY_LENGTH, MAX_DEPTH, MAX_NAME_LENGTH, MAX_TUPLE_LENGTH},
};

/// A violation of a rule in a [`RawSchema`](crate::RawSchema).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The location in the raw schema.
    pub location: Location,
    /// The rule that is broken.
    pub violation: Violation,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.violation.fmt(f)
    }
}

impl std::error::Error for SchemaError {}

/// A location in a [`RawSchema`](crate::RawSchema), by indices. The builder of the raw schema can
/// map it to a position in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The entry of the raw schema.
    pub item: Item,
    /// The path inwards from the entry.
    pub steps: Vec<Step>,
}

impl Location {
    /// Returns the location of the item itself, that is of its name.
    pub fn of(item: Item) -> Self {
        Self { item, steps: Vec::new() }
    }

    /// Returns the location one step further inwards.
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { item: self.item, steps }
    }
}

/// An entry of a [`RawSchema`](crate::RawSchema).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// The name of the channel.
    Name,
    /// The connect message.
    Connect,
    /// The client message at this position.
    ClientMessage(usize),
    /// The client request at this position.
    ClientRequest(usize),
    /// The server message at this position.
    ServerMessage(usize),
    /// The declaration at this position.
    Declaration(usize),
    /// The external type at this position.
    External(usize),
}

/// One step inwards from an [`Item`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To the variant at this position.
    Variant(usize),
    /// To the field at this position.
    Field(usize),
    /// To the type of the field, of the connect message, or of a request's response.
    Type,
    /// To the type inside a type, at this position: `E` in `Result<T, E>` is 1.
    Argument(usize),
}

/// A broken rule. The docs of each variant state the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// The name of a channel starts with an ASCII letter, followed by letters, digits, `-` and `_`.
    ChannelName(String),
    /// A name is a Rust identifier in ASCII, of at most [`MAX_NAME_LENGTH`] bytes.
    Name(String),
    /// The path of an external type has two or more identifiers.
    ExternalPath(String),
    /// A fingerprint has 1 to [`MAX_NAME_LENGTH`] bytes.
    Fingerprint,
    /// A declared type does not have the name of a primitive.
    PrimitiveName(String),
    /// Names are unique among their siblings.
    Duplicate {
        /// The duplicate name.
        name: String,
        /// The location of its first occurrence.
        first: Location,
    },
    /// A type is a message or a request of the client, not both.
    MessageAndRequest {
        /// The type that is both.
        name: String,
        /// The location of the message.
        message: Location,
    },
    /// Every type is declared.
    Unknown(String),
    /// An enum has at least one variant.
    NoVariants(String),
    /// A tuple struct or variant has two or more fields: with one it is a newtype, with none a
    /// unit.
    TupleFields(usize),
    /// A tuple has no elements, or 2 to [`MAX_TUPLE_LENGTH`] elements.
    TupleLength(usize),
    /// An array has at most [`MAX_ARRAY_LENGTH`] elements.
    ArrayLength(usize),
    /// The elements of a sequence are encoded in at least one byte.
    ZeroSized {
        /// The zero-sized element.
        element: String,
    },
    /// Keys of maps and elements of sets implement `Ord` and `Hash`.
    NotAKey {
        /// The key.
        key: String,
        /// The type inside the key that does not implement them.
        because: String,
    },
    /// A type does not contain itself.
    Recursive {
        /// The path from the type to itself, as in `["Tree.children", "Node.left", "Tree"]`.
        cycle: Vec<String>,
    },
    /// Types nest at most [`MAX_DEPTH`] levels deep.
    TooDeep,
    /// The canonical form has at most [`canonical::MAX_LENGTH`] bytes.
    TooLarge(usize),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelName(name) => write!(f, "`{name}` is not a valid name of a channel"),
            Self::Name(name) => write!(f, "`{name}` is not a valid name"),
            Self::ExternalPath(path) => write!(f, "`{path}` is not the full path of a type"),
            Self::Fingerprint => write!(f, "a fingerprint has 1 to {MAX_NAME_LENGTH} bytes"),
            Self::PrimitiveName(name) => {
                write!(f, "`{name}` is the name of a primitive and cannot be declared")
            }
            Self::Duplicate { name, .. } => write!(f, "duplicate name `{name}`"),
            Self::MessageAndRequest { name, .. } => {
                write!(f, "`{name}` is both a message and a request of the client")
            }
            Self::Unknown(name) => write!(f, "unknown type `{name}`"),
            Self::NoVariants(name) => {
                write!(f, "the enum `{name}` has no variants, so it has no values")
            }
            Self::TupleFields(0) => f.write_str("a tuple needs at least 2 fields, found 0"),
            Self::TupleFields(_) => f.write_str("a tuple needs at least 2 fields, found 1"),
            Self::TupleLength(1) => f.write_str("a tuple cannot have 1 element"),
            Self::TupleLength(length) => {
                write!(f, "a tuple of {length} elements exceeds the maximum of {MAX_TUPLE_LENGTH}")
            }
            Self::ArrayLength(length) => {
                write!(f, "an array of {length} elements exceeds the maximum of {MAX_ARRAY_LENGTH}")
            }
            Self::ZeroSized { element } => {
                write!(
                    f,
                    "`{element}` is encoded in 0 bytes and cannot be the element of a sequence"
                )
            }
            Self::NotAKey { key, because } if key == because => {
                write!(f, "`{key}` cannot be a key")
            }
            Self::NotAKey { key, because } => {
                write!(f, "`{key}` cannot be a key: it contains `{because}`")
            }
            Self::Recursive { cycle } => {
                write!(f, "a type cannot contain itself: {}", cycle.join(" -> "))
            }
            Self::TooDeep => write!(f, "types nest more than {MAX_DEPTH} levels deep"),
            Self::TooLarge(length) => {
                let maximum = canonical::MAX_LENGTH;
                write!(f, "the canonical form of {length} bytes exceeds the maximum of {maximum}")
            }
        }
    }
}
