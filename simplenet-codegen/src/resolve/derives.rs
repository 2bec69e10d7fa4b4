use std::collections::{HashMap, HashSet};

use simplenet_schema::{Declaration, Primitive, RawSchema, Shape, Type};

use super::{erroneous::is_type_path, lower::Lowered, sharing::Sharing};
use crate::{
    diagnostics::Diagnostic,
    ir::{Derive, Derives},
    source::{ast::Name, file::SourceRange},
};

/// The derives of every generated type. If a schema requests one of them, that has no effect.
const STANDARD: [&str; 7] = [
    "Clone",
    "Debug",
    "PartialEq",
    "Serialize",
    "Deserialize",
    "serde::Serialize",
    "serde::Deserialize",
];
/// The derives that a type has only if the schema requests them, or if the type is a key.
const OPTIONAL: [(&str, Derive); 6] = [
    ("Copy", Derive::Copy),
    ("Eq", Derive::Eq),
    ("Hash", Derive::Hash),
    ("PartialOrd", Derive::PartialOrd),
    ("Ord", Derive::Ord),
    ("Default", Derive::Default),
];

/// Collects the derives that the files request, and the derives that map keys need.
pub(super) fn collect(
    lowered: &Lowered<'_>,
    sharing: &Sharing<'_>,
    errors: &mut Vec<Diagnostic>,
) -> Derives {
    let mut derives = Derives::new();
    for name in keys(&lowered.raw) {
        let needed = [Derive::Eq, Derive::Hash, Derive::PartialOrd, Derive::Ord];
        derives.entry(name).or_default().extend(needed);
    }
    let mut requested = Vec::new();
    for file in lowered.files {
        let mut ranges: HashMap<&str, SourceRange> = HashMap::new();
        for (name, _) in &file.derives {
            if let Some(first) = ranges.insert(&name.text, name.range) {
                let message = format!("duplicate derives for `{}`", name.text);
                let error = Diagnostic::new(message, name.range);
                errors.push(error.related(first, "first here").label("again here"));
            }
        }
    }
    let files = lowered.files.iter().enumerate();
    for (file, (name, traits)) in
        files.flat_map(|(file, types)| types.derives.iter().map(move |derives| (file, derives)))
    {
        if !lowered.scope.declared.contains_key(name.text.as_str()) {
            if !lowered.scope.incomplete {
                let mut known: Vec<&str> = lowered.scope.declared.keys().copied().collect();
                known.sort_unstable();
                let message = format!("derives for the unknown type `{}`", name.text);
                let error = Diagnostic::new(message, name.range);
                errors.push(error.did_you_mean(&name.text, known));
            }
            continue;
        }
        if let Some(elsewhere) = sharing.derived_elsewhere(&name.text, file) {
            let elsewhere = quote::quote!(#elsewhere).to_string().replace(' ', "");
            let message = format!("`{}` is generated in `{elsewhere}`", name.text);
            let error = Diagnostic::new(message, name.range);
            errors.push(error.help("request its derives in the file that declares it"));
            continue;
        }
        for wanted in traits {
            match parse(wanted) {
                Ok(Some(derive)) => {
                    derives.entry(name.text.clone()).or_default().extend(with_implied(&derive));
                    requested.push((name, wanted, derive));
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
    }
    let declarations: HashMap<&str, &Declaration> =
        lowered.raw.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    for (name, wanted, derive) in requested {
        let Some(declaration) = declarations.get(name.text.as_str()) else { continue };
        if let Some(obstacle) = obstacle(declaration, &derive, &derives) {
            let message = format!("`{}` cannot derive `{}`", name.text, wanted.text);
            errors.push(Diagnostic::new(message, wanted.range).note(obstacle));
        }
    }
    derives
}

/// Adds the derives of map keys to all types that can be keys, because a channel may use a shared
/// type as a key.
pub(super) fn add_key_derives(raw: &RawSchema, derives: &mut Derives) {
    let mut able: HashMap<&str, bool> = HashMap::new();
    let declarations: HashMap<&str, &Declaration> =
        raw.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    for declared in &raw.types {
        can_be_key(&declared.name, &declarations, &mut able);
    }
    for (name, _) in able.into_iter().filter(|(_, able)| *able) {
        let needed = [Derive::Eq, Derive::Hash, Derive::PartialOrd, Derive::Ord];
        derives.entry(name.to_owned()).or_default().extend(needed);
    }
}

/// Whether a type can be a map key. Returns false for an external type, because its traits are not
/// known.
fn can_be_key<'a>(
    name: &'a str,
    declarations: &HashMap<&str, &'a Declaration>,
    able: &mut HashMap<&'a str, bool>,
) -> bool {
    if let Some(&known) = able.get(name) {
        return known;
    }
    let mut open = declarations.get(name).map_or_else(Vec::new, |declared| declared.shape.types());
    let mut result = true;
    while let Some(next) = open.pop() {
        result &= match next {
            Type::Named(name) => can_be_key(name, declarations, able),
            Type::Primitive(Primitive::F32 | Primitive::F64) | Type::External(_) => false,
            Type::HashMap(..) | Type::HashSet(_) => false,
            other => {
                open.extend(other.arguments());
                true
            }
        };
    }
    able.insert(name, result);
    result
}

fn parse(wanted: &Name) -> Result<Option<Derive>, Diagnostic> {
    let text = wanted.text.as_str();
    if let Some((_, derive)) = OPTIONAL.iter().find(|(name, _)| *name == text) {
        return Ok(Some(derive.clone()));
    }
    if STANDARD.contains(&text) {
        return Ok(None);
    }
    if is_type_path(text) {
        return Ok(Some(Derive::Path(text.to_owned())));
    }
    let known = OPTIONAL.iter().map(|(name, _)| *name);
    Err(Diagnostic::new(format!("unknown derive `{text}`"), wanted.range)
        .did_you_mean(text, known)
        .help(
            "write a derive of another crate with its path, as in `bevy_ecs::component::Component`",
        ))
}

fn with_implied(derive: &Derive) -> Vec<Derive> {
    match derive {
        Derive::Ord => vec![Derive::Eq, Derive::PartialOrd, Derive::Ord],
        other => vec![other.clone()],
    }
}

/// Returns the declared types that are map keys or elements of sets, or that such a type contains.
fn keys(raw: &RawSchema) -> HashSet<String> {
    let declarations: HashMap<&str, &Declaration> =
        raw.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    let mut open = Vec::new();
    let responses = raw.client_requests.iter().map(|request| &request.response);
    let fields = raw.types.iter().flat_map(|declared| declared.shape.types());
    for r#type in responses.chain(fields).chain([&raw.connect]) {
        find_keys(r#type, &mut open);
    }
    let mut keys = HashSet::new();
    while let Some(next) = open.pop() {
        match next {
            Type::Named(name) => {
                if keys.insert(name.clone())
                    && let Some(declaration) = declarations.get(name.as_str())
                {
                    open.extend(declaration.shape.types());
                }
            }
            other => open.extend(other.arguments()),
        }
    }
    keys
}

fn find_keys<'a>(r#type: &'a Type, keys: &mut Vec<&'a Type>) {
    match r#type {
        Type::HashMap(key, _)
        | Type::BTreeMap(key, _)
        | Type::HashSet(key)
        | Type::BTreeSet(key) => keys.push(key),
        _ => {}
    }
    r#type.arguments().into_iter().for_each(|inner| find_keys(inner, keys));
}

/// Returns the reason why a declared type cannot derive a trait.
fn obstacle(declaration: &Declaration, derive: &Derive, derives: &Derives) -> Option<String> {
    if matches!((derive, &declaration.shape), (Derive::Default, Shape::Enum(_))) {
        return Some("the default variant of an enum is not known".to_owned());
    }
    with_implied(derive).iter().find_map(|derive| {
        declaration.shape.types().into_iter().find_map(|r#type| missing(r#type, derive, derives))
    })
}

/// Returns the reason why a type does not implement a trait.
fn missing(r#type: &Type, derive: &Derive, derives: &Derives) -> Option<String> {
    use Derive::{Copy, Default, Eq, Hash, Ord, PartialOrd};
    let name = match derive {
        Copy => "Copy",
        Eq => "Eq",
        Hash => "Hash",
        PartialOrd => "PartialOrd",
        Ord => "Ord",
        Default => "Default",
        Derive::Path(_) => return None,
    };
    let lacks = match (r#type, derive) {
        (Type::Named(declared), _) => {
            let derived = derives.get(declared).is_some_and(|derives| derives.contains(derive));
            return (!derived).then(|| format!("`{declared}` does not derive `{name}`"));
        }
        (Type::Primitive(Primitive::F32 | Primitive::F64), Eq | Hash | Ord) => true,
        (Type::Primitive(Primitive::String | Primitive::Bytes), Copy) => true,
        (Type::Vec(_) | Type::Boxed(_), Copy) => true,
        (Type::BTreeMap(..) | Type::BTreeSet(_), Copy) => true,
        (Type::HashMap(..) | Type::HashSet(_), Copy | Hash | PartialOrd | Ord) => true,
        (Type::Result(..), Default) => true,
        (Type::Array(_, 0), Default) => return None,
        (Type::Option(_) | Type::Vec(_), Default) => return None,
        (Type::HashMap(..) | Type::HashSet(_), Default) => return None,
        (Type::BTreeMap(..) | Type::BTreeSet(_), Default) => return None,
        _ => false,
    };
    if lacks {
        return Some(format!("`{type}` does not implement `{name}`"));
    }
    r#type.arguments().into_iter().find_map(|inner| missing(inner, derive, derives))
}
