//! What stands in a source: the same mirror whatever the source is written in, with the place of everything.

pub(crate) mod file;
pub(crate) mod inline;
pub(crate) mod ron;
mod type_text;

pub(crate) use file::{Files, Place};

/// A name or other short text, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// A channel as it is written.
#[derive(Debug)]
pub(crate) struct WrittenChannel {
    pub(crate) name: Name,
    pub(crate) connect: Option<WrittenType>,
    pub(crate) client_messages: Vec<Name>,
    pub(crate) client_requests: Vec<(Name, WrittenType)>,
    pub(crate) server_messages: Vec<Name>,
    pub(crate) types: WrittenTypes,
}

/// The types that one file declares, and what it says about them.
#[derive(Debug, Default)]
pub(crate) struct WrittenTypes {
    /// The file's number.
    pub(crate) file: usize,
    pub(crate) includes: Vec<Name>,
    pub(crate) types: Vec<(Name, WrittenShape)>,
    /// Paths and fingerprints.
    pub(crate) externals: Vec<(Name, Name)>,
    pub(crate) docs: Vec<(Name, String)>,
    pub(crate) derives: Vec<(Name, Vec<Name>)>,
}

#[derive(Debug)]
pub(crate) enum WrittenShape {
    Struct(WrittenFields),
    Enum(Vec<(Name, WrittenFields)>),
}

#[derive(Debug)]
pub(crate) enum WrittenFields {
    Unit,
    Newtype(WrittenType),
    Tuple(Vec<WrittenType>),
    Named(Vec<(Name, WrittenType)>),
}

/// A type expression as it is written.
#[derive(Debug)]
pub(crate) struct WrittenType {
    pub(crate) kind: WrittenKind,
    pub(crate) place: Place,
}

#[derive(Debug)]
pub(crate) enum WrittenKind {
    /// `RoomId`, `uuid::Uuid`, `Vec<u8>`.
    Path { path: String, arguments: Vec<WrittenType> },
    /// `[T; N]`.
    Array(Box<WrittenType>, usize),
    /// `(A, B)`.
    Tuple(Vec<WrittenType>),
    /// Not readable; reported already.
    Unreadable,
}

impl WrittenTypes {
    /// Adds docs for this path; the first, where a path is there twice.
    pub(crate) fn document(&mut self, path: &Name, docs: Option<String>) {
        if self.docs.iter().all(|(known, _)| known.text != path.text) {
            self.docs.extend(docs.map(|docs| (path.clone(), docs)));
        }
    }
}

impl WrittenType {
    /// The declared type of this name.
    pub(crate) fn named(name: &Name) -> Self {
        let kind = WrittenKind::Path { path: name.text.clone(), arguments: Vec::new() };
        Self { kind, place: name.place }
    }

    /// In the order of [`Type::arguments`](simplenet_schema::Type::arguments).
    pub(crate) fn arguments(&self) -> &[WrittenType] {
        match &self.kind {
            WrittenKind::Path { arguments, .. } | WrittenKind::Tuple(arguments) => arguments,
            WrittenKind::Array(element, _) => std::slice::from_ref(element),
            WrittenKind::Unreadable => &[],
        }
    }
}

impl WrittenFields {
    /// The types in order.
    pub(crate) fn types(&self) -> Vec<&WrittenType> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter().collect(),
            Self::Named(fields) => fields.iter().map(|(_, r#type)| r#type).collect(),
        }
    }
}
