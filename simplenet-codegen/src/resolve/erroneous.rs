use std::collections::HashSet;

use simplenet_schema::{Fields, Item, Location, RawSchema, Shape, Step, Type};

use super::{Failure, collisions::is_usable};
use crate::names::identifier;

/// Removes or replaces every part with a reported error, so that the compiler does not report the
/// error a second time.
pub(super) fn without_errors(mut raw: RawSchema, erroneous: &[Location]) -> RawSchema {
    for location in erroneous {
        if let Some(r#type) = find(&mut raw, location) {
            *r#type = Type::Named(Failure::ERRONEOUS.to_owned());
        }
    }
    let channel = raw.name.clone();
    raw.types
        .retain(|declared| is_identifier(&declared.name) && is_usable(&declared.name, &channel));
    keep_first(&mut raw.types, |declared| &declared.name);
    let declared: HashSet<String> = raw.types.iter().map(|each| each.name.clone()).collect();
    keep_first(&mut raw.client_messages, |name| name);
    keep_first(&mut raw.client_requests, |request| &request.name);
    keep_first(&mut raw.server_messages, |name| name);
    raw.client_messages.retain(|name| declared.contains(name));
    raw.client_requests.retain(|request| declared.contains(&request.name));
    raw.server_messages.retain(|name| declared.contains(name));
    for declaration in &mut raw.types {
        match &mut declaration.shape {
            Shape::Struct(fields) => keep_first_fields(fields),
            Shape::Enum(variants) => {
                variants.retain(|variant| is_identifier(&variant.name));
                keep_first(variants, |variant| &variant.name);
                variants.iter_mut().for_each(|variant| keep_first_fields(&mut variant.fields));
            }
        }
    }
    replace_unknown(&mut raw, &declared);
    raw
}

/// Replaces each type whose declaration was removed, and each external path that is not a Rust
/// path.
fn replace_unknown(raw: &mut RawSchema, declared: &HashSet<String>) {
    let mut open = vec![&mut raw.connect];
    open.extend(raw.client_requests.iter_mut().map(|request| &mut request.response));
    for declaration in &mut raw.types {
        match &mut declaration.shape {
            Shape::Struct(fields) => open.extend(fields.types_mut()),
            Shape::Enum(variants) => {
                open.extend(variants.iter_mut().flat_map(|variant| variant.fields.types_mut()));
            }
        }
    }
    while let Some(next) = open.pop() {
        let known = match &*next {
            Type::Named(name) => declared.contains(name),
            Type::External(path) => is_type_path(path),
            _ => true,
        };
        if known {
            open.extend(next.arguments_mut());
        } else {
            *next = Type::Named(Failure::ERRONEOUS.to_owned());
        }
    }
}

fn keep_first_fields(fields: &mut Fields) {
    if let Fields::Named(fields) = fields {
        fields.retain(|field| is_identifier(&field.name));
        keep_first(fields, |field| &field.name);
    }
}

/// Whether this is a Rust path that begins with a crate.
pub(super) fn is_type_path(path: &str) -> bool {
    let mut segments = path.split("::");
    let first = segments.next().is_some_and(|root| root == "crate" || is_identifier(root));
    first && path.contains("::") && segments.all(is_identifier)
}

fn is_identifier(name: &str) -> bool {
    identifier(name).is_some()
}

fn keep_first<T>(entries: &mut Vec<T>, name: impl Fn(&T) -> &String) {
    let mut seen = HashSet::new();
    let first: Vec<bool> = entries.iter().map(|entry| seen.insert(name(entry).clone())).collect();
    let mut first = first.into_iter();
    entries.retain(|_| first.next().unwrap_or(true));
}

/// Returns the type at this location; `None` if the location is not that of a type.
fn find<'a>(raw: &'a mut RawSchema, location: &Location) -> Option<&'a mut Type> {
    let mut steps = location.steps.iter();
    let mut found = match location.item {
        Item::Connect => &mut raw.connect,
        Item::ClientRequest(index) => &mut raw.client_requests.get_mut(index)?.response,
        Item::Declaration(index) => {
            let fields = match &mut raw.types.get_mut(index)?.shape {
                Shape::Struct(fields) => fields,
                Shape::Enum(variants) => {
                    let Some(Step::Variant(variant)) = steps.next() else { return None };
                    &mut variants.get_mut(*variant)?.fields
                }
            };
            let Some(Step::Field(field)) = steps.next() else { return None };
            fields.types_mut().into_iter().nth(*field)?
        }
        _ => return None,
    };
    let Some(Step::Type) = steps.next() else { return None };
    for step in steps {
        let Step::Argument(argument) = step else { return None };
        found = found.arguments_mut().into_iter().nth(*argument)?;
    }
    Some(found)
}
