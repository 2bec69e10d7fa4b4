use std::collections::HashMap;

use super::{MAX_CHANGES, class::Classes, list::List, uses::TypeName};
use crate::{
    model::{External, Fields, Schema, Shape, Variant},
    type_expression::Type,
};

/// The maximum length of an old or new value, in characters.
const MAX_TEXT: usize = 200;

/// A change whose uses are not known yet.
pub(super) struct FoundChange<'a> {
    pub(super) path: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) classes: Classes,
    /// The changed type; `None` for a change of a direction.
    pub(super) subject: Option<TypeName<'a>>,
}

/// Compares two schemas.
pub(super) struct Comparison<'a> {
    old: &'a Schema,
    new: &'a Schema,
    found: Vec<FoundChange<'a>>,
    /// The type that is compared.
    subject: Option<TypeName<'a>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Schema, new: &'a Schema) -> Self {
        Self { old, new, found: Vec::new(), subject: None }
    }

    pub(super) fn run(mut self) -> Vec<FoundChange<'a>> {
        let (old, new) = (self.old, self.new);
        if old.name() != new.name() {
            let names = (old.name().to_owned(), new.name().to_owned());
            let classes = Classes::IMPOSSIBLE;
            self.change("channel".to_owned(), Some(names.0), Some(names.1), classes);
        }
        self.types("ConnectMsg", old.connect(), new.connect());
        self.directions();
        let externals: HashMap<&str, &External> =
            old.externals().iter().map(|external| (&*external.path, external)).collect();
        for external in new.externals() {
            let Some(before) = externals.get(&*external.path) else { continue };
            if before.fingerprint != external.fingerprint {
                let [from, to] = [before, external].map(|each| Some(each.fingerprint.clone()));
                self.subject = Some(TypeName::External(&external.path));
                self.change(external.path.clone(), from, to, Classes::IMPOSSIBLE);
            }
        }
        for declaration in new.types() {
            if let Some(before) = old.declaration(&declaration.name) {
                self.subject = Some(TypeName::Declared(&declaration.name));
                self.shapes(&declaration.name, &before.shape, &declaration.shape);
            }
        }
        self.found
    }

    pub(super) fn change(
        &mut self,
        path: String,
        from: Option<String>,
        to: Option<String>,
        classes: Classes,
    ) {
        if self.found.len() < MAX_CHANGES {
            let (from, to) = (from.map(shortened), to.map(shortened));
            self.found.push(FoundChange { path, from, to, classes, subject: self.subject });
        }
    }

    fn directions(&mut self) {
        let (old, new) = (self.old, self.new);
        self.messages("ClientMsg", old.client_messages(), new.client_messages());
        let requests = |schema: &'a Schema| -> Vec<&'a str> {
            schema.client_requests().iter().map(|request| request.name.as_str()).collect()
        };
        self.variants("ClientRequest", &requests(old), &requests(new));
        let before: HashMap<&str, &Type> =
            old.client_requests().iter().map(|each| (&*each.name, &each.response)).collect();
        for (position, request) in new.client_requests().iter().enumerate() {
            let renamed = || {
                let other = old.client_requests().get(position)?;
                self.renamed(&other.name, &request.name).then_some(&other.response)
            };
            if let Some(before) = before.get(&*request.name).copied().or_else(renamed) {
                let path = format!("ServerResponse::{}", request.name);
                self.types(&path, before, &request.response);
            }
        }
        self.messages("ServerMsg", old.server_messages(), new.server_messages());
    }

    fn messages(&mut self, path: &str, old: &'a [String], new: &'a [String]) {
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        self.variants(path, &old, &new);
    }

    /// Compares the variants of the enum of a direction. Each variant has the name of its type.
    fn variants(&mut self, path: &str, old: &[&'a str], new: &[&'a str]) {
        let list = List { path, kind: "variant", separator: "::", grows: true };
        let entries = |names: &[&'a str]| -> Vec<(String, &'a str)> {
            names.iter().map(|name| ((*name).to_owned(), *name)).collect()
        };
        let (old, new) = (entries(old), entries(new));
        let same = |this: &Self, old: &&'a str, new: &&'a str| this.renamed(old, new);
        self.list(&list, &old, &new, same, |_| String::new(), |_, _, _, _| {});
    }

    fn shapes(&mut self, path: &str, old: &'a Shape, new: &'a Shape) {
        match (old, new) {
            (Shape::Struct(old), Shape::Struct(new)) => self.fields(path, old, new),
            (Shape::Enum(old), Shape::Enum(new)) => {
                let list = List { path, kind: "variant", separator: "::", grows: true };
                let entries = |variants: &'a [Variant]| -> Vec<(String, &'a Fields)> {
                    variants.iter().map(|each| (each.name.clone(), &each.fields)).collect()
                };
                let (old, new) = (entries(old), entries(new));
                let same = |_: &Self, old: &&Fields, new: &&Fields| old == new;
                let describe =
                    |fields| if empty(fields) { String::new() } else { described(fields) };
                self.list(&list, &old, &new, same, describe, |this, path, old, new| {
                    this.fields(path, old, new);
                });
            }
            (Shape::Struct(_), Shape::Enum(_)) => self.kinds(path, "struct", "enum"),
            (Shape::Enum(_), Shape::Struct(_)) => self.kinds(path, "enum", "struct"),
        }
    }

    fn kinds(&mut self, path: &str, old: &str, new: &str) {
        let (from, to) = (Some(old.to_owned()), Some(new.to_owned()));
        self.change(path.to_owned(), from, to, Classes::IMPOSSIBLE);
    }

    fn fields(&mut self, path: &str, old: &'a Fields, new: &'a Fields) {
        let named = |fields: &Fields| matches!(fields, Fields::Named(_));
        if named(old) != named(new) && !empty(old) && !empty(new) {
            // Names and positions cannot be compared one by one.
            let classes = self.convert_all(&old.types(), &new.types());
            self.change(path.to_owned(), Some(described(old)), Some(described(new)), classes);
            return;
        }
        let list = List { path, kind: "field", separator: ".", grows: false };
        let entries = |fields: &'a Fields| -> Vec<(String, &'a Type)> {
            let types = fields.types().into_iter().enumerate();
            types.map(|(index, each)| (fields.label(index), each)).collect()
        };
        let same = |_: &Self, old: &&Type, new: &&Type| old == new;
        self.list(
            &list,
            &entries(old),
            &entries(new),
            same,
            |each| each.to_string(),
            |this, path, old, new| {
                this.types(path, old, new);
            },
        );
    }

    fn types(&mut self, path: &str, old: &Type, new: &Type) {
        // Keeps the time linear: the classes may depend on the comparison of two declared types.
        if self.found.len() == MAX_CHANGES {
            return;
        }
        if let Some(classes) = self.type_change(old, new) {
            self.change(path.to_owned(), Some(old.to_string()), Some(new.to_string()), classes);
        }
    }

    /// Whether a declared type only has a new name, and its structure is the same.
    pub(super) fn renamed(&self, old: &str, new: &str) -> bool {
        let unique = self.new.declaration(old).is_none() && self.old.declaration(new).is_none();
        match (self.old.declaration(old), self.new.declaration(new)) {
            (Some(old), Some(new)) => unique && old.shape == new.shape,
            _ => false,
        }
    }
}

fn empty(fields: &Fields) -> bool {
    fields.types().is_empty()
}

fn described(fields: &Fields) -> String {
    let all = |separator: &str, entries: Vec<String>| entries.join(separator);
    match fields {
        Fields::Unit => "unit".to_owned(),
        Fields::Newtype(inner) => format!("({inner})"),
        Fields::Tuple(elements) => {
            format!("({})", all(", ", elements.iter().map(ToString::to_string).collect()))
        }
        Fields::Named(fields) => {
            let fields = fields.iter().map(|field| format!("{}: {}", field.name, field.r#type));
            format!("{{ {} }}", all(", ", fields.collect()))
        }
    }
}

pub(super) fn shortened(text: String) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
