use std::collections::{HashMap, HashSet};

use simplenet_schema::{Declaration, RawSchema, Type};

/// Removes the included types that the channel does not use. The channel's own file declares the
/// first `own` types, which stay.
pub(super) fn without_unused(mut raw: RawSchema, own: usize) -> RawSchema {
    let used = used(&raw, own);
    let mut keep = raw
        .types
        .iter()
        .enumerate()
        .map(|(position, declared)| position < own || used.contains(declared.name.as_str()));
    let keep: Vec<bool> = keep.by_ref().collect();
    let mut keep = keep.into_iter();
    raw.types.retain(|_| keep.next().unwrap_or(true));
    raw
}

fn used(raw: &RawSchema, own: usize) -> HashSet<String> {
    let declarations: HashMap<&str, &Declaration> =
        raw.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    let mut used: HashSet<&str> = HashSet::new();
    let requests = raw.client_requests.iter();
    let mut open: Vec<&str> = requests.clone().map(|request| request.name.as_str()).collect();
    open.extend(raw.client_messages.iter().chain(&raw.server_messages).map(String::as_str));
    open.extend(raw.types.iter().take(own).map(|declared| declared.name.as_str()));
    let mut types: Vec<&Type> = requests.map(|request| &request.response).collect();
    types.push(&raw.connect);
    loop {
        if let Some(r#type) = types.pop() {
            match r#type {
                Type::Named(name) => open.push(name),
                other => types.extend(other.arguments()),
            }
        } else if let Some(name) = open.pop() {
            if used.insert(name)
                && let Some(declaration) = declarations.get(name)
            {
                types.extend(declaration.shape.types());
            }
        } else {
            return used.into_iter().map(str::to_owned).collect();
        }
    }
}
