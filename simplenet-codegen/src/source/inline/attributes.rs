use proc_macro2::Span;
use syn::{
    Attribute, Expr, ExprLit, Lit, Meta, Path, Token, punctuated::Punctuated, spanned::Spanned,
};

use super::Reader;
use crate::{
    diagnostics::Diagnostic,
    source::ast::{self, Name},
};

/// The attributes of a type, a variant or a field.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) docs: Option<String>,
    pub(super) derives: Vec<Name>,
    pub(super) roles: Vec<Role>,
}

/// The role of a type in the channel.
pub(super) enum Role {
    Connect(Span),
    ClientMessage,
    /// A request, with the type of its response.
    Request(ast::Type),
    ServerMessage,
}

/// The item that has the attributes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Target {
    Type,
    /// A variant or a field.
    Part,
}

const ROLES: [&str; 4] = ["connect", "client_message", "request", "server_message"];

impl Reader<'_> {
    pub(super) fn attributes(&mut self, attributes: &[Attribute], target: Target) -> Attributes {
        let mut read = Attributes::default();
        let mut lines = Vec::new();
        for attribute in attributes {
            let name = self.path(attribute.path());
            match (name.text.as_str(), target) {
                ("doc", _) => lines.extend(self.doc(attribute)),
                ("derive", Target::Type) => read.derives.extend(self.derives(attribute)),
                (role, Target::Type) if ROLES.contains(&role) => {
                    read.roles.extend(self.as_role(role, attribute));
                }
                _ => self.refuse_attribute(&name),
            }
        }
        read.docs = (!lines.is_empty()).then(|| text_of(&lines));
        read
    }

    fn doc(&mut self, attribute: &Attribute) -> Option<String> {
        if let Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value
        {
            return Some(text.value());
        }
        let message = "docs of a channel must be string literals";
        self.refuse(attribute.path().span(), message, "write a `///` comment");
        None
    }

    fn derives(&mut self, attribute: &Attribute) -> Vec<Name> {
        let paths = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        match paths {
            Ok(paths) => paths.iter().map(|path| self.path(path)).collect(),
            Err(error) => {
                self.syntax(&error);
                Vec::new()
            }
        }
    }

    fn as_role(&mut self, role: &str, attribute: &Attribute) -> Option<Role> {
        if role == "request" {
            return Some(Role::Request(self.response(attribute)));
        }
        if let Err(error) = attribute.meta.require_path_only() {
            self.syntax(&error);
        }
        match role {
            "connect" => Some(Role::Connect(attribute.path().span())),
            "client_message" => Some(Role::ClientMessage),
            "server_message" => Some(Role::ServerMessage),
            _ => None,
        }
    }

    fn response(&mut self, attribute: &Attribute) -> ast::Type {
        if let Meta::Path(path) = &attribute.meta {
            let message = "a request needs the type of its response";
            self.refuse(path.span(), message, "write `#[request(Response)]`");
        } else {
            match attribute.parse_args::<syn::Type>() {
                Ok(response) => return self.r#type(&response),
                Err(error) => self.syntax(&error),
            }
        }
        let range = self.range(attribute.path().span());
        ast::Type { kind: ast::TypeKind::Unreadable, range }
    }

    fn syntax(&mut self, error: &syn::Error) {
        let range = self.range(error.span());
        self.errors.push(Diagnostic::new(error.to_string(), range));
    }

    fn refuse_attribute(&mut self, name: &Name) {
        let text = &name.text;
        let error = |message: String| Diagnostic::new(message, name.range);
        let error = match text.as_str() {
            "serde" => error("`#[serde]` would change the encoding".to_owned())
                .note("neither the protocol hash nor clients in other languages would reflect the change")
                .help("declare the type as it is encoded"),
            "cfg" | "cfg_attr" => error(format!("`#[{text}]` is not supported in a channel"))
                .note("a channel must be the same in every build, or peers refuse each other")
                .help("use `#[cfg]` on the whole module"),
            role if ROLES.contains(&role) => {
                error(format!("`#[{text}]` is only supported on a struct or an enum"))
            }
            "derive" => error("`#[derive]` is only supported on a struct or an enum".to_owned()),
            _ => error(format!("`#[{text}]` is not supported in a channel"))
                .note("the types are generated, and only docs and derives are kept")
                .did_you_mean(text, ROLES),
        };
        self.errors.push(error);
    }
}

/// Joins the lines of docs, without the space that usually follows `///`.
fn text_of(lines: &[String]) -> String {
    let spaced = lines.iter().all(|line| line.is_empty() || line.starts_with(' '));
    let line = |line: &String| match line.strip_prefix(' ') {
        Some(rest) if spaced => rest.to_owned(),
        _ => line.clone(),
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
