use std::fmt;

/// A rule that some [`Parts`](crate::Parts) break, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// Where in the parts.
    pub location: Location,
    /// Which rule.
    pub violation: Violation,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.violation.fmt(f)
    }
}

impl std::error::Error for SchemaError {}

/// A place in some [`Parts`](crate::Parts), by position, so that whoever made them can say where it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// Which entry of the parts.
    pub item: Item,
    /// The way from there inwards.
    pub steps: Vec<Step>,
}

impl Location {
    /// The item as a whole, which is to say its name.
    pub fn of(item: Item) -> Self {
        Self { item, steps: Vec::new() }
    }

    /// One step further inwards.
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { item: self.item, steps }
    }
}

/// An entry of some [`Parts`](crate::Parts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// The channel's name.
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

/// A rule of schemas that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// A channel's name starts with a letter and goes on with letters, digits, `-` and `_`.
    ChannelName(String),
    /// A name is an identifier of Rust in ASCII, no longer than [`MAX_NAME_LENGTH`](crate::MAX_NAME_LENGTH).
    Name(String),
    /// The path of an external type is two or more identifiers.
    ExternalPath(String),
    /// A fingerprint is a text of 1 to [`MAX_NAME_LENGTH`](crate::MAX_NAME_LENGTH) bytes.
    Fingerprint,
    /// A declared type must not take the name of a primitive.
    PrimitiveName(String),
    /// Names are unique among their siblings.
    Duplicate {
        /// The name that is there twice.
        name: String,
        /// Where it is first.
        first: Location,
    },
    /// A type is a message of the client or a request, not both.
    MessageAndRequest {
        /// The type that is both.
        name: String,
        /// Where it is a message.
        message: Location,
    },
    /// Every type that is named is declared.
    Unknown(String),
    /// An enum has variants.
    NoVariants(String),
    /// Fields without names are two or more: one is a newtype, none is a unit.
    TupleFields(usize),
    /// A tuple has none, or 2 to [`MAX_TUPLE_LENGTH`](crate::MAX_TUPLE_LENGTH) elements.
    TupleLength(usize),
    /// An array has at most [`MAX_ARRAY_LENGTH`](crate::MAX_ARRAY_LENGTH) elements.
    ArrayLength(usize),
    /// The elements of a sequence take bytes.
    ZeroSized {
        /// The element that takes none.
        element: String,
    },
    /// Keys and elements of sets can be compared and hashed.
    NotAKey {
        /// The key.
        key: String,
        /// The type in it that forbids it.
        because: String,
    },
    /// A type does not contain itself.
    Recursive {
        /// The way from the type back to itself, as in `["Tree.children", "Node.left", "Tree"]`.
        cycle: Vec<String>,
    },
    /// Types nest at most [`MAX_DEPTH`](crate::MAX_DEPTH) deep.
    TooDeep,
    /// The canonical form has at most [`canonical::MAX_LENGTH`](crate::canonical::MAX_LENGTH) bytes.
    TooLarge(usize),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelName(name) => write!(f, "`{name}` cannot name a channel"),
            Self::Name(name) => write!(f, "`{name}` is not a name that Rust can use"),
            Self::ExternalPath(path) => write!(f, "`{path}` is not the full path of a type"),
            Self::Fingerprint => f.write_str("this cannot be a fingerprint"),
            Self::PrimitiveName(name) => {
                write!(f, "`{name}` is the name of a primitive and cannot be declared")
            }
            Self::Duplicate { name, .. } => write!(f, "`{name}` is there twice"),
            Self::MessageAndRequest { name, .. } => {
                write!(f, "`{name}` is both a message and a request of the client")
            }
            Self::Unknown(name) => write!(f, "unknown type `{name}`"),
            Self::NoVariants(name) => {
                write!(f, "the enum `{name}` has no variants, so no value of it can exist")
            }
            Self::TupleFields(0) => f.write_str("a tuple without fields is a unit"),
            Self::TupleFields(_) => f.write_str("a tuple of one field is a newtype"),
            Self::TupleLength(1) => f.write_str("a tuple of one element is the element itself"),
            Self::TupleLength(length) => write!(f, "a tuple of {length} elements is too long"),
            Self::ArrayLength(length) => write!(f, "an array of {length} elements is too long"),
            Self::ZeroSized { element } => {
                write!(f, "`{element}` takes no bytes, so it cannot be the element of a sequence")
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
            Self::TooDeep => f.write_str("types nest too deep here"),
            Self::TooLarge(length) => {
                write!(f, "the schema is too large: {length} bytes in its canonical form")
            }
        }
    }
}
