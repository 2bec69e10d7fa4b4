//! The source AST: a channel as its source declares it, with the range of every name. A schema file
//! and a module give the same AST.

use super::file::SourceRange;

/// A name or another short text, with its range in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) range: SourceRange,
}

/// A channel.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) name: Name,
    pub(crate) connect: Option<Type>,
    pub(crate) client_messages: Vec<Name>,
    pub(crate) client_requests: Vec<(Name, Type)>,
    pub(crate) server_messages: Vec<Name>,
    pub(crate) types: Types,
}

/// The type declarations of one file, with their docs and derives.
#[derive(Debug, Default)]
pub(crate) struct Types {
    /// The index of the file in [`Files`](super::file::Files).
    pub(crate) file: usize,
    pub(crate) includes: Vec<Name>,
    pub(crate) types: Vec<(Name, Shape)>,
    /// The paths of external types, with their fingerprints.
    pub(crate) externals: Vec<(Name, Name)>,
    pub(crate) docs: Vec<(Name, String)>,
    pub(crate) derives: Vec<(Name, Vec<Name>)>,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Fields),
    Enum(Vec<(Name, Fields)>),
}

#[derive(Debug)]
pub(crate) enum Fields {
    Unit,
    Newtype(Type),
    Tuple(Vec<Type>),
    Named(Vec<(Name, Type)>),
}

/// A type expression.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) kind: TypeKind,
    pub(crate) range: SourceRange,
}

#[derive(Debug)]
pub(crate) enum TypeKind {
    /// `RoomId`, `uuid::Uuid`, `Vec<u8>`.
    Path { path: String, arguments: Vec<Type> },
    /// `[T; N]`.
    Array(Box<Type>, usize),
    /// `(A, B)`.
    Tuple(Vec<Type>),
    /// A syntax error, which is already reported.
    Unreadable,
}

impl Types {
    /// Adds docs for this path, unless the path already has docs.
    pub(crate) fn document(&mut self, path: &Name, docs: Option<String>) {
        if self.docs.iter().all(|(known, _)| known.text != path.text) {
            self.docs.extend(docs.map(|docs| (path.clone(), docs)));
        }
    }
}

impl Type {
    /// Returns the type expression that consists of this name.
    pub(crate) fn named(name: &Name) -> Self {
        let kind = TypeKind::Path { path: name.text.clone(), arguments: Vec::new() };
        Self { kind, range: name.range }
    }

    /// Returns the type arguments in the order of [`simplenet_schema::Type::arguments`].
    pub(crate) fn arguments(&self) -> &[Type] {
        match &self.kind {
            TypeKind::Path { arguments, .. } | TypeKind::Tuple(arguments) => arguments,
            TypeKind::Array(element, _) => std::slice::from_ref(element),
            TypeKind::Unreadable => &[],
        }
    }
}

impl Fields {
    /// Returns the types of the fields, in order.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter().collect(),
            Self::Named(fields) => fields.iter().map(|(_, r#type)| r#type).collect(),
        }
    }
}
