use std::collections::HashMap;

use proc_macro2::Span;

use super::lower::Lowered;
use crate::source::{
    ast::{self, Name},
    file::Files,
};

/// Collects the spans of all names that a module declares, by path, as in `JoinError.Banned.until`.
pub(super) fn collect(lowered: &Lowered<'_>, files: &Files) -> HashMap<String, Span> {
    let mut spans = Spans { files, spans: HashMap::new() };
    for (name, shape) in &lowered.declared {
        spans.insert(name.text.clone(), name);
        match shape {
            ast::Shape::Struct(fields) => spans.insert_fields(&name.text, fields),
            ast::Shape::Enum(variants) => {
                for (variant, fields) in variants {
                    let owner = format!("{}.{}", name.text, variant.text);
                    spans.insert_fields(&owner, fields);
                    spans.insert(owner, variant);
                }
            }
        }
    }
    spans.spans
}

struct Spans<'a> {
    files: &'a Files,
    spans: HashMap<String, Span>,
}

impl Spans<'_> {
    fn insert_fields(&mut self, owner: &str, fields: &ast::Fields) {
        if let ast::Fields::Named(fields) = fields {
            for (field, _) in fields {
                self.insert(format!("{owner}.{}", field.text), field);
            }
        }
    }

    fn insert(&mut self, path: String, name: &Name) {
        if let Some(span) = self.files.span(name.range) {
            self.spans.insert(path, span);
        }
    }
}
