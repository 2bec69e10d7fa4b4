use std::collections::{HashMap, HashSet};

use super::lower::Lowered;
use crate::{
    diagnostics::Diagnostic,
    source::{ast, file::SourceRange},
};

/// Collects the docs of all files by path, as in `JoinError.Banned.until`.
pub(super) fn collect(
    lowered: &Lowered<'_>,
    errors: &mut Vec<Diagnostic>,
) -> HashMap<String, String> {
    let documentable = documentable(lowered);
    let mut docs = HashMap::new();
    let mut ranges: HashMap<&str, SourceRange> = HashMap::new();
    for (path, text) in lowered.files.iter().flat_map(|file| &file.docs) {
        if !documentable.contains(&path.text) && !lowered.scope.incomplete {
            let mut known: Vec<&str> = documentable.iter().map(String::as_str).collect();
            known.sort_unstable();
            let error =
                Diagnostic::new(format!("docs for the unknown path `{}`", path.text), path.range)
                    .did_you_mean(&path.text, known)
                    .help("write `Type`, `Type.field`, `Enum.Variant` or `Enum.Variant.field`");
            errors.push(error);
        } else if let Some(&first) = ranges.get(path.text.as_str()) {
            let error = Diagnostic::new(format!("duplicate docs for `{}`", path.text), path.range);
            errors.push(error.related(first, "first here").label("again here"));
        } else {
            ranges.insert(&path.text, path.range);
            docs.insert(path.text.clone(), text.clone());
        }
    }
    docs
}

/// Returns every path that can have docs.
fn documentable(lowered: &Lowered<'_>) -> HashSet<String> {
    let mut paths = HashSet::new();
    for (name, shape) in &lowered.declared {
        paths.insert(name.text.clone());
        match shape {
            ast::Shape::Struct(fields) => insert_fields(&mut paths, &name.text, fields),
            ast::Shape::Enum(variants) => {
                for (variant, fields) in variants {
                    let owner = format!("{}.{}", name.text, variant.text);
                    insert_fields(&mut paths, &owner, fields);
                    paths.insert(owner);
                }
            }
        }
    }
    paths
}

fn insert_fields(paths: &mut HashSet<String>, owner: &str, fields: &ast::Fields) {
    match fields {
        ast::Fields::Named(fields) => {
            paths.extend(fields.iter().map(|(field, _)| format!("{owner}.{}", field.text)));
        }
        _ => paths.extend((0..fields.types().len()).map(|index| format!("{owner}.{index}"))),
    }
}
