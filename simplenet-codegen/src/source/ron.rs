//! Reads `.ron` files. The structs of [`written`] have the form of such a file and are filled by serde; what they
//! borrow from the text tells where it stands.

mod error;
mod written;

use ::ron::{Options, extensions::Extensions};
use serde::Deserialize;

use self::written::{Entries, Text};
use super::{
    Name, Place, WrittenChannel, WrittenFields, WrittenShape, WrittenType, WrittenTypes, type_text,
};
use crate::Diagnostic;

/// Reads a `Channel(..)`. Errors in single types go to `errors`; without a channel the reason is the last of them.
pub(crate) fn channel(
    text: &str,
    file: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<WrittenChannel> {
    let read: written::Channel<'_> = deserialize(text, file, errors)?;
    let mut mirror = Mirror { text, file, errors };
    Some(WrittenChannel {
        name: mirror.name(read.name),
        connect: read.connect.map(|connect| mirror.r#type(connect)),
        client_messages: mirror.names(read.client.messages),
        client_requests: mirror
            .entries(read.client.requests, |mirror, response| mirror.r#type(response)),
        server_messages: mirror.names(read.server.messages),
        types: mirror.types(written::Types {
            include: read.include,
            types: read.types,
            external: read.external,
            docs: read.docs,
            derive: read.derive,
        }),
    })
}

/// Reads a `Types(..)`, as [`channel`] reads a channel.
pub(crate) fn types(text: &str, file: usize, errors: &mut Vec<Diagnostic>) -> Option<WrittenTypes> {
    let read = deserialize(text, file, errors)?;
    Some(Mirror { text, file, errors }.types(read))
}

fn deserialize<'de, T: Deserialize<'de>>(
    text: &'de str,
    file: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<T> {
    let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    match options.from_str(text) {
        Ok(read) => Some(read),
        Err(error) => {
            errors.push(error::diagnostic(error, text, file));
            None
        }
    }
}

/// From borrowed texts to texts with places.
struct Mirror<'a> {
    text: &'a str,
    file: usize,
    errors: &'a mut Vec<Diagnostic>,
}

impl Mirror<'_> {
    fn types(&mut self, read: written::Types<'_>) -> WrittenTypes {
        WrittenTypes {
            file: self.file,
            includes: self.names(read.include),
            types: self.entries(read.types, Self::shape),
            externals: self.entries(read.external, Self::name),
            docs: self.entries(read.docs, |_, doc| doc),
            derives: self.entries(read.derive, Self::names),
        }
    }

    fn entries<'de, T, U>(
        &mut self,
        entries: Entries<'de, T>,
        mut convert: impl FnMut(&mut Self, T) -> U,
    ) -> Vec<(Name, U)> {
        let entries = entries.0.into_iter();
        entries.map(|(key, value)| (self.name(key), convert(self, value))).collect()
    }

    fn shape(&mut self, shape: written::Shape<'_>) -> WrittenShape {
        match shape {
            written::Shape::Unit => WrittenShape::Struct(WrittenFields::Unit),
            written::Shape::Newtype(inner) => {
                WrittenShape::Struct(self.fields(written::Fields::Newtype(inner)))
            }
            written::Shape::Tuple(elements) => {
                WrittenShape::Struct(self.fields(written::Fields::Tuple(elements)))
            }
            written::Shape::Struct(fields) => {
                WrittenShape::Struct(self.fields(written::Fields::Struct(fields)))
            }
            written::Shape::Enum(variants) => {
                WrittenShape::Enum(self.entries(variants, Self::fields))
            }
        }
    }

    fn fields(&mut self, fields: written::Fields<'_>) -> WrittenFields {
        match fields {
            written::Fields::Unit => WrittenFields::Unit,
            written::Fields::Newtype(inner) => WrittenFields::Newtype(self.r#type(inner)),
            written::Fields::Tuple(elements) => {
                let elements = elements.into_iter().map(|element| self.r#type(element));
                WrittenFields::Tuple(elements.collect())
            }
            written::Fields::Struct(fields) => {
                WrittenFields::Named(self.entries(fields, Self::r#type))
            }
        }
    }

    fn names(&mut self, texts: Vec<Text<'_>>) -> Vec<Name> {
        texts.into_iter().map(|text| self.name(text)).collect()
    }

    fn name(&mut self, text: Text<'_>) -> Name {
        Name { text: text.0.to_owned(), place: self.place(text) }
    }

    fn r#type(&mut self, text: Text<'_>) -> WrittenType {
        let (r#type, error) = type_text::parse(text.0, self.place(text));
        self.errors.extend(error);
        r#type
    }

    /// Where a piece of the text stands in it: the pieces are slices of the text itself.
    fn place(&self, piece: Text<'_>) -> Place {
        let start = piece.0.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let start = start.min(self.text.len());
        Place { file: self.file, start, end: (start + piece.0.len()).min(self.text.len()) }
    }
}
