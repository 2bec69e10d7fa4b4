use std::fmt;

use super::{MAX_LENGTH, write};
use crate::{
    CODEC, WIRE_VERSION,
    model::{Declaration, External, Field, Fields, RawSchema, Request, Schema, Shape, Variant},
    rules::MAX_DEPTH,
    type_expression::{Primitive, Type},
};

/// Parses a canonical form.
///
/// The text may come from an untrusted peer: time and memory are linear in its length, which is at
/// most [`MAX_LENGTH`], and the depth of the recursion is bounded.
///
/// # Errors
///
/// Returns an error for every text that [`write`](fn@super::write) does not return for a schema.
pub fn read(text: &str) -> Result<Schema, ReadError> {
    if text.len() > MAX_LENGTH {
        return Err(ReadError::TooLong { length: text.len() });
    }
    let mut reader = Reader { text, at: 0 };
    let raw = reader.form()?;
    let schema = Schema::new(raw).map_err(|errors| {
        let rule = errors.first().map(ToString::to_string).unwrap_or_default();
        ReadError::Rule { rule }
    })?;
    if write(&schema) == text { Ok(schema) } else { Err(ReadError::NotCanonical) }
}

/// The error of a text that is not a canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is longer than [`MAX_LENGTH`].
    TooLong {
        /// The length of the text, in bytes.
        length: usize,
    },
    /// A syntax error.
    Syntax {
        /// The position, in bytes from the start.
        at: usize,
        /// The expected element.
        expected: &'static str,
    },
    /// The schema is not valid.
    Rule {
        /// The first violation of a rule.
        rule: String,
    },
    /// The text represents a valid schema, but is not its canonical form.
    NotCanonical,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => {
                write!(f, "canonical form of {length} bytes exceeds the maximum of {MAX_LENGTH}")
            }
            Self::Syntax { at, expected } => {
                write!(f, "syntax error in a canonical form: expected {expected} at byte {at}")
            }
            Self::Rule { rule } => write!(f, "invalid schema in a canonical form: {rule}"),
            Self::NotCanonical => {
                f.write_str("text represents a valid schema, but is not its canonical form")
            }
        }
    }
}

impl std::error::Error for ReadError {}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn form(&mut self) -> Result<RawSchema, ReadError> {
        self.expect("simplenet 1\nwire ", "supported version")?;
        if self.number()? != usize::from(WIRE_VERSION) {
            return self.syntax_error("supported wire version");
        }
        self.expect("\ncodec ", "codec")?;
        if self.text()? != CODEC {
            return self.syntax_error("supported codec");
        }
        self.expect("\nchannel ", "channel")?;
        let name = self.text()?.to_owned();
        self.expect("\nconnect ", "connect message")?;
        let connect = self.r#type(1)?;
        self.expect("\nclient messages ", "client messages")?;
        let client_messages = self.lines(|reader| reader.owned_text())?;
        self.expect("client requests ", "client requests")?;
        let client_requests = self.lines(|reader| {
            let name = reader.owned_text()?;
            reader.expect(" ", "response")?;
            Ok(Request { name, response: reader.r#type(1)? })
        })?;
        self.expect("server messages ", "server messages")?;
        let server_messages = self.lines(|reader| reader.owned_text())?;
        self.expect("externals ", "externals")?;
        let externals = self.lines(|reader| {
            let path = reader.owned_text()?;
            reader.expect(" ", "fingerprint")?;
            Ok(External { path, fingerprint: reader.owned_text()? })
        })?;
        self.expect("types ", "types")?;
        let types = self.lines(|reader| {
            let name = reader.owned_text()?;
            reader.expect(" ", "shape")?;
            Ok(Declaration { name, shape: reader.shape()? })
        })?;
        if !self.rest().is_empty() {
            return self.syntax_error("end");
        }
        Ok(RawSchema {
            name,
            connect,
            client_messages,
            client_requests,
            server_messages,
            types,
            externals,
        })
    }

    fn shape(&mut self) -> Result<Shape, ReadError> {
        if !self.take("enum ") {
            return self.fields().map(Shape::Struct);
        }
        let variants = self.list(|reader| {
            let name = reader.owned_text()?;
            reader.expect(" ", "fields")?;
            let fields = reader.fields()?;
            reader.expect(";", "end of a variant")?;
            Ok(Variant { name, fields })
        })?;
        Ok(Shape::Enum(variants))
    }

    fn fields(&mut self) -> Result<Fields, ReadError> {
        if self.take("unit") {
            Ok(Fields::Unit)
        } else if self.take("newtype(") {
            let inner = self.r#type(1)?;
            self.expect(")", "end of a newtype")?;
            Ok(Fields::Newtype(inner))
        } else if self.take("tuple ") {
            self.list(|reader| reader.element(1)).map(Fields::Tuple)
        } else if self.take("struct ") {
            let fields = self.list(|reader| {
                let name = reader.owned_text()?;
                reader.expect(" ", "type of a field")?;
                Ok(Field { name, r#type: reader.element(1)? })
            })?;
            Ok(Fields::Named(fields))
        } else {
            self.syntax_error("fields")
        }
    }

    fn r#type(&mut self, depth: usize) -> Result<Type, ReadError> {
        if depth > MAX_DEPTH {
            return self.syntax_error("type within the maximum depth");
        }
        if self.take("@") {
            return self.owned_text().map(Type::Named);
        }
        if self.take("^") {
            return self.owned_text().map(Type::External);
        }
        if self.take("tuple ") {
            return self.list(|reader| reader.element(depth + 1)).map(Type::Tuple);
        }
        if self.take("array ") {
            let length = self.number()?;
            self.expect("(", "element of an array")?;
            let element = self.element(depth + 1)?;
            self.expect(")", "end of an array")?;
            return Ok(Type::Array(Box::new(element), length));
        }
        let keyword = self.keyword();
        if let Some(primitive) = Primitive::from_name(keyword) {
            return Ok(Type::Primitive(primitive));
        }
        self.expect("(", "type")?;
        let first = Box::new(self.element(depth + 1)?);
        let r#type = match keyword {
            "option" => Type::Option(first),
            "vec" => Type::Vec(first),
            "box" => Type::Boxed(first),
            "hashset" => Type::HashSet(first),
            "btreeset" => Type::BTreeSet(first),
            _ => {
                let second = Box::new(self.element(depth + 1)?);
                match keyword {
                    "result" => Type::Result(first, second),
                    "hashmap" => Type::HashMap(first, second),
                    "btreemap" => Type::BTreeMap(first, second),
                    _ => return self.syntax_error("known container"),
                }
            }
        };
        self.expect(")", "end of a type")?;
        Ok(r#type)
    }

    fn element(&mut self, depth: usize) -> Result<Type, ReadError> {
        let element = self.r#type(depth)?;
        self.expect(",", "end of an element")?;
        Ok(element)
    }

    /// Reads a count, and that many entries in parentheses.
    fn list<T>(
        &mut self,
        entry: impl FnMut(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let count = self.number()?;
        self.expect("(", "list")?;
        let entries = self.entries(count, entry)?;
        self.expect(")", "end of a list")?;
        Ok(entries)
    }

    /// Reads a count, and that many entries, one per line.
    fn lines<T>(
        &mut self,
        mut entry: impl FnMut(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let count = self.number()?;
        self.expect("\n", "end of a line")?;
        self.entries(count, |reader| {
            let value = entry(reader)?;
            reader.expect("\n", "end of a line")?;
            Ok(value)
        })
    }

    /// Reads that many entries. The count is not trusted: memory grows with the entries that are
    /// read, and each of them has at least one byte.
    fn entries<T>(
        &mut self,
        count: usize,
        mut entry: impl FnMut(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(entry(self)?);
        }
        Ok(entries)
    }

    fn owned_text(&mut self) -> Result<String, ReadError> {
        self.text().map(str::to_owned)
    }

    fn text(&mut self) -> Result<&'a str, ReadError> {
        let length = self.number()?;
        self.expect(":", "text")?;
        let Some(text) = self.rest().get(..length) else {
            return self.syntax_error("text of this length");
        };
        self.at += length;
        Ok(text)
    }

    fn number(&mut self) -> Result<usize, ReadError> {
        let digits = self.while_matches(|byte| byte.is_ascii_digit());
        digits.parse().or_else(|_| self.syntax_error("number"))
    }

    fn keyword(&mut self) -> &'a str {
        self.while_matches(|byte| byte.is_ascii_alphanumeric())
    }

    fn while_matches(&mut self, matches: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|&byte| matches(byte)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn take(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn expect(&mut self, expected: &str, name: &'static str) -> Result<(), ReadError> {
        if self.take(expected) { Ok(()) } else { self.syntax_error(name) }
    }

    fn syntax_error<T>(&self, expected: &'static str) -> Result<T, ReadError> {
        Err(ReadError::Syntax { at: self.at, expected })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}
