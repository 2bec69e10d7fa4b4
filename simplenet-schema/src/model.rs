use crate::{SchemaError, Type, closure, rules};

/// A channel: who may send what, and what those types look like.
///
/// Valid by construction, and reduced to what travels: a declared type that no message, request, response or connect
/// message reaches is not part of it. The declarations are in the order of their names, since their order in a file
/// changes nothing on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    parts: Parts,
}

impl Schema {
    /// Holds the parts against every rule and collects all that break one.
    pub fn new(parts: Parts) -> Result<Self, Vec<SchemaError>> {
        rules::check(&parts)?;
        let schema = Self { parts: closure::reduce(parts) };
        rules::check_size(&schema)?;
        Ok(schema)
    }

    /// The channel's name.
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// What a client sends with its hello; `()` where the schema names nothing.
    pub fn connect(&self) -> &Type {
        &self.parts.connect
    }

    /// The one-shot messages of a client, in the order of their variants.
    pub fn client_messages(&self) -> &[String] {
        &self.parts.client_messages
    }

    /// The requests of a client, in the order of their variants.
    pub fn client_requests(&self) -> &[Request] {
        &self.parts.client_requests
    }

    /// The one-shot messages of the server, in the order of their variants.
    pub fn server_messages(&self) -> &[String] {
        &self.parts.server_messages
    }

    /// The declared types in use, ordered by name.
    pub fn types(&self) -> &[Declaration] {
        &self.parts.types
    }

    /// The types from outside in use, ordered by path.
    pub fn externals(&self) -> &[External] {
        &self.parts.externals
    }

    /// The declaration of this name.
    pub fn declaration(&self, name: &str) -> Option<&Declaration> {
        let index =
            self.parts.types.binary_search_by(|declared| (*declared.name).cmp(name)).ok()?;
        self.parts.types.get(index)
    }

    /// Back to what it was built from.
    pub fn into_parts(self) -> Parts {
        self.parts
    }
}

/// What a [`Schema`] is built from: anything at all, until [`Schema::new`] has accepted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The channel's name.
    pub name: String,
    /// What a client sends with its hello.
    pub connect: Type,
    /// Declared types that a client sends one-shot, in the order of their variants.
    pub client_messages: Vec<String>,
    /// Declared types that a client sends and expects an answer to, in the order of their variants.
    pub client_requests: Vec<Request>,
    /// Declared types that the server sends one-shot, in the order of their variants.
    pub server_messages: Vec<String>,
    /// The declared types, in any order.
    pub types: Vec<Declaration>,
    /// The types from outside, in any order.
    pub externals: Vec<External>,
}

/// A request and what answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The declared type of the request.
    pub name: String,
    /// The type of its response.
    pub response: Type,
}

/// A type that a schema declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The type's name.
    pub name: String,
    /// What it consists of.
    pub shape: Shape,
}

/// What a declared type consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One set of fields.
    Struct(Fields),
    /// One of several.
    Enum(Vec<Variant>),
}

impl Shape {
    /// The types of all fields, in order.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Struct(fields) => fields.types(),
            Self::Enum(variants) => {
                variants.iter().flat_map(|variant| variant.fields.types()).collect()
            }
        }
    }
}

/// One case of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The case's name.
    pub name: String,
    /// What it carries.
    pub fields: Fields,
}

/// What a struct or a variant carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fields {
    /// Nothing.
    Unit,
    /// One value without a name.
    Newtype(Type),
    /// Two or more values without names.
    Tuple(Vec<Type>),
    /// Values with names.
    Named(Vec<Field>),
}

impl Fields {
    /// The types of the fields, in order.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter().collect(),
            Self::Named(fields) => fields.iter().map(|field| &field.r#type).collect(),
        }
    }

    /// The same as [`Fields::types`], to be changed.
    pub fn types_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter_mut().collect(),
            Self::Named(fields) => fields.iter_mut().map(|field| &mut field.r#type).collect(),
        }
    }

    /// What the field is called: its name, or its position where it has none.
    pub fn label(&self, index: usize) -> String {
        match self {
            Self::Named(fields) => {
                fields.get(index).map_or_else(|| index.to_string(), |field| field.name.clone())
            }
            _ => index.to_string(),
        }
    }
}

/// A field with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's name.
    pub name: String,
    /// Its type.
    pub r#type: Type,
}

/// A type from outside the schema, which the schema knows by its path alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The full path, as in `uuid::Uuid`.
    pub path: String,
    /// Stands for what the type looks like on the wire: to be changed whenever that changes.
    pub fingerprint: String,
}
