//! Reads a channel from the module under `#[channel]`. An item or attribute that a schema file
//! cannot express is an error. The types are generated from the AST, so such an item or attribute
//! would be lost, or would change the encoding.

mod attributes;
mod declaration;
mod types;

use std::path::Path;

use proc_macro2::Span;
use syn::{Ident, Item, LitStr, ext::IdentExt, spanned::Spanned};

use self::attributes::{Attributes, Role, Target};
use super::{
    ast::{self, Name},
    file::{Files, SourceRange},
};
use crate::diagnostics::Diagnostic;

/// A channel that a Rust module declares.
pub struct Inline<'a> {
    /// The name of the channel, with its span.
    pub name: (String, Span),
    /// The items of the module.
    pub items: &'a [Item],
    /// The paths of included files of types.
    pub includes: &'a [LitStr],
    /// The external types, each with its fingerprint.
    pub externals: &'a [(syn::Path, LitStr)],
    /// The directory to which the paths of included files are relative.
    pub directory: &'a Path,
}

/// Reads a channel. Items with an error are skipped, and the error is added to `errors`.
pub(crate) fn channel(
    inline: &Inline<'_>,
    files: &mut Files,
    errors: &mut Vec<Diagnostic>,
) -> ast::Channel {
    let file = files.add_tokens(inline.directory);
    let mut reader = Reader { files, file, errors, parameters: Vec::new() };
    let name = Name { text: inline.name.0.clone(), range: reader.range(inline.name.1) };
    let mut channel = ast::Channel {
        name,
        connect: None,
        client_messages: Vec::new(),
        client_requests: Vec::new(),
        server_messages: Vec::new(),
        types: ast::Types { file, ..ast::Types::default() },
    };
    channel.types.includes = inline.includes.iter().map(|path| reader.text(path)).collect();
    channel.types.externals = inline
        .externals
        .iter()
        .map(|(path, fingerprint)| (reader.path(path), reader.text(fingerprint)))
        .collect();
    for item in inline.items {
        reader.item(item, &mut channel);
    }
    channel
}

/// Reads items, and records the span of every name.
struct Reader<'a> {
    files: &'a mut Files,
    file: usize,
    errors: &'a mut Vec<Diagnostic>,
    /// The type parameters of the current item. They are errors, which are already reported.
    parameters: Vec<String>,
}

impl Reader<'_> {
    fn item(&mut self, item: &Item, channel: &mut ast::Channel) {
        let (ident, attributes) = match item {
            Item::Struct(item) => (&item.ident, &item.attrs),
            Item::Enum(item) => (&item.ident, &item.attrs),
            Item::Use(item) => {
                let help = "declare the type here, or list it: \
                            `#[channel(external(uuid::Uuid = \"uuid-1\"))]`";
                return self.refuse(item.use_token.span, "a channel cannot contain imports", help);
            }
            other => {
                let message = "a channel can contain only structs and enums";
                return self.refuse(other.span(), message, "move the item out of the module");
            }
        };
        let name = self.name(ident);
        let Attributes { docs, derives, roles } = self.attributes(attributes, Target::Type);
        let types = &mut channel.types;
        types.document(&name, docs);
        if !derives.is_empty() {
            types.derives.push((name.clone(), derives));
        }
        let shape = match item {
            Item::Struct(item) => self.r#struct(item, &name, types),
            Item::Enum(item) => self.r#enum(item, &name, types),
            _ => return,
        };
        types.types.push((name.clone(), shape));
        for role in roles {
            self.role(role, &name, channel);
        }
    }

    fn role(&mut self, role: Role, name: &Name, channel: &mut ast::Channel) {
        match role {
            Role::Connect(span) if channel.connect.is_some() => self.refuse(
                span,
                "a channel has only one connect message",
                "declare an enum for several kinds of connect message",
            ),
            Role::Connect(_) => channel.connect = Some(ast::Type::named(name)),
            Role::ClientMessage => channel.client_messages.push(name.clone()),
            Role::Request(response) => channel.client_requests.push((name.clone(), response)),
            Role::ServerMessage => channel.server_messages.push(name.clone()),
        }
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let range = self.range(span);
        self.errors.push(Diagnostic::new(message, range).help(help));
    }

    fn range(&mut self, span: Span) -> SourceRange {
        self.files.add_token(self.file, span)
    }

    fn name(&mut self, ident: &Ident) -> Name {
        Name { text: ident.unraw().to_string(), range: self.range(ident.span()) }
    }

    fn text(&mut self, literal: &LitStr) -> Name {
        Name { text: literal.value(), range: self.range(literal.span()) }
    }

    /// Returns a path without its generic arguments.
    fn path(&mut self, path: &syn::Path) -> Name {
        let segments = path.segments.iter().map(|segment| segment.ident.unraw().to_string());
        let text = segments.collect::<Vec<_>>().join("::");
        Name { text, range: self.range(path.span()) }
    }
}
