//! Reads the module under `#[channel]` from its tokens. What a schema file could not say is refused where it stands:
//! the types are generated anew from the mirror, and nothing may change their form on the wire unseen.

mod attributes;
mod declaration;
mod types;

use std::path::Path;

use proc_macro2::Span;
use syn::{Ident, Item, LitStr, ext::IdentExt, spanned::Spanned};

use self::attributes::{Attributes, Role, Target};
use super::{Files, Name, Place, WrittenChannel, WrittenType, WrittenTypes};
use crate::Diagnostic;

/// A channel that is declared in a module of Rust.
pub struct Inline<'a> {
    /// The channel's name, and where it is given.
    pub name: (String, Span),
    /// What stands in the module.
    pub items: &'a [Item],
    /// Files of types that it includes.
    pub includes: &'a [LitStr],
    /// The types of other crates that it uses, each with a fingerprint.
    pub externals: &'a [(syn::Path, LitStr)],
    /// The directory that the paths of the files are relative to.
    pub directory: &'a Path,
}

/// Reads the channel, as far as it can be read. What is wrong with the rest goes to `errors`.
pub(crate) fn channel(
    inline: &Inline<'_>,
    files: &mut Files,
    errors: &mut Vec<Diagnostic>,
) -> WrittenChannel {
    let file = files.add_tokens(inline.directory);
    let mut reader = Reader { files, file, errors, parameters: Vec::new() };
    let name = Name { text: inline.name.0.clone(), place: reader.place(inline.name.1) };
    let mut channel = WrittenChannel {
        name,
        connect: None,
        client_messages: Vec::new(),
        client_requests: Vec::new(),
        server_messages: Vec::new(),
        types: WrittenTypes { file, ..WrittenTypes::default() },
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

/// Notes the place of whatever is read.
struct Reader<'a> {
    files: &'a mut Files,
    file: usize,
    errors: &'a mut Vec<Diagnostic>,
    /// What the type that is being read is generic over, which is told already.
    parameters: Vec<String>,
}

impl Reader<'_> {
    fn item(&mut self, item: &Item, channel: &mut WrittenChannel) {
        let (ident, attributes) = match item {
            Item::Struct(item) => (&item.ident, &item.attrs),
            Item::Enum(item) => (&item.ident, &item.attrs),
            Item::Use(item) => {
                let help = "declare the type here, or list it: \
                            `#[channel(external(uuid::Uuid = \"uuid-1\"))]`";
                return self.refuse(item.use_token.span, "a channel imports nothing", help);
            }
            other => {
                let message = "a channel holds structs and enums, and nothing else";
                return self.refuse(other.span(), message, "put it beside the module");
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

    fn role(&mut self, role: Role, name: &Name, channel: &mut WrittenChannel) {
        match role {
            Role::Connect(span) if channel.connect.is_some() => self.refuse(
                span,
                "a channel has one connect message",
                "if there are several kinds of it, declare an enum",
            ),
            Role::Connect(_) => channel.connect = Some(WrittenType::named(name)),
            Role::ClientMessage => channel.client_messages.push(name.clone()),
            Role::Request(response) => channel.client_requests.push((name.clone(), response)),
            Role::ServerMessage => channel.server_messages.push(name.clone()),
        }
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(span);
        self.errors.push(Diagnostic::new(message, place).help(help));
    }

    fn place(&mut self, span: Span) -> Place {
        self.files.add_token(self.file, span)
    }

    fn name(&mut self, ident: &Ident) -> Name {
        Name { text: ident.unraw().to_string(), place: self.place(ident.span()) }
    }

    fn text(&mut self, literal: &LitStr) -> Name {
        Name { text: literal.value(), place: self.place(literal.span()) }
    }

    /// A path without generic arguments.
    fn path(&mut self, path: &syn::Path) -> Name {
        let segments = path.segments.iter().map(|segment| segment.ident.unraw().to_string());
        let text = segments.collect::<Vec<_>>().join("::");
        Name { text, place: self.place(path.span()) }
    }
}
