use std::collections::{HashMap, HashSet};

use simplenet_schema::{Declaration, Parts, Type};

/// Leaves out the included types that the channel does not use: a module holds what its file declares, and of other
/// files what it needs. The first `own` types are the file's own.
pub(super) fn without_unused(mut parts: Parts, own: usize) -> Parts {
    let used = used(&parts, own);
    let mut keep = parts
        .types
        .iter()
        .enumerate()
        .map(|(position, declared)| position < own || used.contains(declared.name.as_str()));
    let keep: Vec<bool> = keep.by_ref().collect();
    let mut keep = keep.into_iter();
    parts.types.retain(|_| keep.next().unwrap_or(true));
    parts
}

fn used(parts: &Parts, own: usize) -> HashSet<String> {
    let declarations: HashMap<&str, &Declaration> =
        parts.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    let mut used: HashSet<&str> = HashSet::new();
    let requests = parts.client_requests.iter();
    let mut open: Vec<&str> = requests.clone().map(|request| request.name.as_str()).collect();
    open.extend(parts.client_messages.iter().chain(&parts.server_messages).map(String::as_str));
    open.extend(parts.types.iter().take(own).map(|declared| declared.name.as_str()));
    let mut types: Vec<&Type> = requests.map(|request| &request.response).collect();
    types.push(&parts.connect);
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
