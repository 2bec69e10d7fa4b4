//! Reads `.ron` files. Serde deserializes a file into the structs of [`document`], which borrow
//! slices of the file's text. The position of a slice in the text is the range of the element.

mod document;
mod error;

use ::ron::{Options, extensions::Extensions};
use serde::Deserialize;

use self::document::{Entries, Text};
use super::{
    ast::{self, Name},
    file::SourceRange,
    type_text,
};
use crate::diagnostics::Diagnostic;

/// Reads a `Channel(..)`. Returns `None` if the file has a syntax error. If only a type has an
/// error, marks the type as unreadable and continues. Adds all errors to `errors`.
pub(crate) fn channel(
    text: &str,
    file: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<ast::Channel> {
    let read: document::Channel<'_> = deserialize(text, file, errors)?;
    let mut builder = AstBuilder { text, file, errors };
    Some(ast::Channel {
        name: builder.name(read.name),
        connect: read.connect.map(|connect| builder.r#type(connect)),
        client_messages: builder.names(read.client.messages),
        client_requests: builder
            .entries(read.client.requests, |builder, response| builder.r#type(response)),
        server_messages: builder.names(read.server.messages),
        types: builder.types(document::Types {
            include: read.include,
            types: read.types,
            external: read.external,
            docs: read.docs,
            derive: read.derive,
        }),
    })
}

/// Reads a `Types(..)`, in the same way as [`channel`].
pub(crate) fn types(text: &str, file: usize, errors: &mut Vec<Diagnostic>) -> Option<ast::Types> {
    let read = deserialize(text, file, errors)?;
    Some(AstBuilder { text, file, errors }.types(read))
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

/// Builds the AST from a document.
struct AstBuilder<'a> {
    text: &'a str,
    file: usize,
    errors: &'a mut Vec<Diagnostic>,
}

impl AstBuilder<'_> {
    fn types(&mut self, read: document::Types<'_>) -> ast::Types {
        ast::Types {
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

    fn shape(&mut self, shape: document::Shape<'_>) -> ast::Shape {
        match shape {
            document::Shape::Unit => ast::Shape::Struct(ast::Fields::Unit),
            document::Shape::Newtype(inner) => {
                ast::Shape::Struct(self.fields(document::Fields::Newtype(inner)))
            }
            document::Shape::Tuple(elements) => {
                ast::Shape::Struct(self.fields(document::Fields::Tuple(elements)))
            }
            document::Shape::Struct(fields) => {
                ast::Shape::Struct(self.fields(document::Fields::Struct(fields)))
            }
            document::Shape::Enum(variants) => {
                ast::Shape::Enum(self.entries(variants, Self::fields))
            }
        }
    }

    fn fields(&mut self, fields: document::Fields<'_>) -> ast::Fields {
        match fields {
            document::Fields::Unit => ast::Fields::Unit,
            document::Fields::Newtype(inner) => ast::Fields::Newtype(self.r#type(inner)),
            document::Fields::Tuple(elements) => {
                let elements = elements.into_iter().map(|element| self.r#type(element));
                ast::Fields::Tuple(elements.collect())
            }
            document::Fields::Struct(fields) => {
                ast::Fields::Named(self.entries(fields, Self::r#type))
            }
        }
    }

    fn names(&mut self, texts: Vec<Text<'_>>) -> Vec<Name> {
        texts.into_iter().map(|text| self.name(text)).collect()
    }

    fn name(&mut self, text: Text<'_>) -> Name {
        Name { text: text.0.to_owned(), range: self.range(text) }
    }

    fn r#type(&mut self, text: Text<'_>) -> ast::Type {
        let (r#type, error) = type_text::parse(text.0, self.range(text));
        self.errors.extend(error);
        r#type
    }

    /// Returns the range of a slice of the text.
    fn range(&self, piece: Text<'_>) -> SourceRange {
        let start = piece.0.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let start = start.min(self.text.len());
        SourceRange { file: self.file, start, end: (start + piece.0.len()).min(self.text.len()) }
    }
}
