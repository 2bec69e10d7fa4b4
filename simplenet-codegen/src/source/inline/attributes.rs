use proc_macro2::Span;
use syn::{
    Attribute, Expr, ExprLit, Lit, Meta, Path, Token, punctuated::Punctuated, spanned::Spanned,
};

use super::Reader;
use crate::{
    Diagnostic,
    source::{Name, WrittenKind, WrittenType},
};

/// What the attributes of a type, a variant or a field say.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) docs: Option<String>,
    pub(super) derives: Vec<Name>,
    pub(super) roles: Vec<Role>,
}

/// What a type is for.
pub(super) enum Role {
    Connect(Span),
    ClientMessage,
    /// With its response.
    Request(WrittenType),
    ServerMessage,
}

/// What attributes stand on.
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
        let message = "docs of a channel are plain texts";
        self.refuse(attribute.path().span(), message, "write them as `///`");
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

    fn response(&mut self, attribute: &Attribute) -> WrittenType {
        if let Meta::Path(path) = &attribute.meta {
            let message = "a request is answered with something";
            self.refuse(path.span(), message, "write `#[request(Response)]`");
        } else {
            match attribute.parse_args::<syn::Type>() {
                Ok(response) => return self.r#type(&response),
                Err(error) => self.syntax(&error),
            }
        }
        let place = self.place(attribute.path().span());
        WrittenType { kind: WrittenKind::Unreadable, place }
    }

    fn syntax(&mut self, error: &syn::Error) {
        let place = self.place(error.span());
        self.errors.push(Diagnostic::new(error.to_string(), place));
    }

    fn refuse_attribute(&mut self, name: &Name) {
        let text = &name.text;
        let error = |message: String| Diagnostic::new(message, name.place);
        let error = match text.as_str() {
            "serde" => error("`#[serde]` would change the form on the wire".to_owned())
                .note("neither the protocol hash nor clients in other languages would know of it")
                .help("declare the type as it is to travel"),
            "cfg" | "cfg_attr" => error(format!("a channel has no `#[{text}]`"))
                .note("it is the same in every build, or peers could not talk to each other")
                .help("`#[cfg]` can stand on the whole module"),
            role if ROLES.contains(&role) => {
                error(format!("`#[{text}]` stands on a struct or an enum"))
            }
            "derive" => error("`#[derive]` stands on a struct or an enum".to_owned()),
            _ => error(format!("`#[{text}]` has no meaning in a channel"))
                .note("its types are generated, and keep their docs and derives")
                .did_you_mean(text, ROLES),
        };
        self.errors.push(error);
    }
}

/// The lines as they were meant: without the space that usually follows `///`.
fn text_of(lines: &[String]) -> String {
    let spaced = lines.iter().all(|line| line.is_empty() || line.starts_with(' '));
    let line = |line: &String| match line.strip_prefix(' ') {
        Some(rest) if spaced => rest.to_owned(),
        _ => line.clone(),
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
