use crate::{error::SchemaError, reachable, rules, type_expression::Type};

/// A channel: its messages and requests per direction, and the types that they use.
///
/// A schema is always valid. It contains only the declared types that a message, request, response
/// or connect message uses, directly or through other types. The declarations are sorted by name,
/// because their order in a file does not affect the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    raw: RawSchema,
}

impl Schema {
    /// Validates a raw schema.
    ///
    /// # Errors
    ///
    /// Returns every violation of a rule.
    pub fn new(raw: RawSchema) -> Result<Self, Vec<SchemaError>> {
        rules::check(&raw)?;
        let schema = Self { raw: reachable::retain_reachable(raw) };
        rules::check_size(&schema)?;
        Ok(schema)
    }

    /// Returns the name of the channel.
    pub fn name(&self) -> &str {
        &self.raw.name
    }

    /// Returns the type of the connect message, which a client sends in its hello. The default is
    /// `()`.
    pub fn connect(&self) -> &Type {
        &self.raw.connect
    }

    /// Returns the messages of a client, in the order of their variants.
    pub fn client_messages(&self) -> &[String] {
        &self.raw.client_messages
    }

    /// Returns the requests of a client, in the order of their variants.
    pub fn client_requests(&self) -> &[Request] {
        &self.raw.client_requests
    }

    /// Returns the messages of the server, in the order of their variants.
    pub fn server_messages(&self) -> &[String] {
        &self.raw.server_messages
    }

    /// Returns the declared types in use, sorted by name.
    pub fn types(&self) -> &[Declaration] {
        &self.raw.types
    }

    /// Returns the external types in use, sorted by path.
    pub fn externals(&self) -> &[External] {
        &self.raw.externals
    }

    /// Returns the declaration with this name.
    pub fn declaration(&self, name: &str) -> Option<&Declaration> {
        let index = self.raw.types.binary_search_by(|declared| (*declared.name).cmp(name)).ok()?;
        self.raw.types.get(index)
    }

    /// Converts the schema to a raw schema, which can be changed.
    pub fn into_raw(self) -> RawSchema {
        self.raw
    }
}

/// The input of [`Schema::new`]. It may violate the rules of schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawSchema {
    /// The name of the channel.
    pub name: String,
    /// The type of the connect message, which a client sends in its hello.
    pub connect: Type,
    /// The declared types that a client sends as messages, in the order of their variants.
    pub client_messages: Vec<String>,
    /// The declared types that a client sends as requests, in the order of their variants.
    pub client_requests: Vec<Request>,
    /// The declared types that the server sends as messages, in the order of their variants.
    pub server_messages: Vec<String>,
    /// The declared types, in any order.
    pub types: Vec<Declaration>,
    /// The external types, in any order.
    pub externals: Vec<External>,
}

/// A request and its response.
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
    /// The name of the type.
    pub name: String,
    /// The structure of the type.
    pub shape: Shape,
}

/// The structure of a declared type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A struct with these fields.
    Struct(Fields),
    /// An enum with these variants.
    Enum(Vec<Variant>),
}

impl Shape {
    /// Returns the types of all fields, in order.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Struct(fields) => fields.types(),
            Self::Enum(variants) => {
                variants.iter().flat_map(|variant| variant.fields.types()).collect()
            }
        }
    }
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The name of the variant.
    pub name: String,
    /// The fields of the variant.
    pub fields: Fields,
}

/// The fields of a struct or a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fields {
    /// No fields.
    Unit,
    /// One unnamed field.
    Newtype(Type),
    /// Two or more unnamed fields.
    Tuple(Vec<Type>),
    /// Named fields.
    Named(Vec<Field>),
}

impl Fields {
    /// Returns the types of the fields, in order.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter().collect(),
            Self::Named(fields) => fields.iter().map(|field| &field.r#type).collect(),
        }
    }

    /// Returns the same types as [`Fields::types`], mutably.
    pub fn types_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter_mut().collect(),
            Self::Named(fields) => fields.iter_mut().map(|field| &mut field.r#type).collect(),
        }
    }

    /// Returns the name of a field, or its index if it has no name.
    pub fn label(&self, index: usize) -> String {
        match self {
            Self::Named(fields) => {
                fields.get(index).map_or_else(|| index.to_string(), |field| field.name.clone())
            }
            _ => index.to_string(),
        }
    }
}

/// A named field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name of the field.
    pub name: String,
    /// The type of the field.
    pub r#type: Type,
}

/// A type of another crate, or of the crate that contains the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The full path, as in `uuid::Uuid`.
    pub path: String,
    /// A text that identifies the encoding of the type. The author of the schema changes it
    /// whenever the encoding changes.
    pub fingerprint: String,
}
