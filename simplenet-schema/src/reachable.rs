use std::collections::{HashMap, HashSet};

use crate::{
    model::{Declaration, RawSchema},
    type_expression::Type,
};

/// Removes every declared and external type that is not used, and sorts the others by name.
pub(crate) fn retain_reachable(mut raw: RawSchema) -> RawSchema {
    let (named, external) = {
        let reached = reached_from_directions(&raw);
        let owned = |names: HashSet<&str>| names.into_iter().map(str::to_owned).collect();
        let (named, external): (HashSet<String>, HashSet<String>) =
            (owned(reached.named), owned(reached.external));
        (named, external)
    };
    raw.types.retain(|declaration| named.contains(&declaration.name));
    raw.types.sort_by(|left, right| left.name.cmp(&right.name));
    raw.externals.retain(|known| external.contains(&known.path));
    raw.externals.sort_by(|left, right| left.path.cmp(&right.path));
    raw
}

#[derive(Default)]
struct Reached<'a> {
    named: HashSet<&'a str>,
    external: HashSet<&'a str>,
    /// Names whose declarations are not visited yet.
    open: Vec<&'a str>,
}

/// Returns the types that the connect message, the messages, the requests and the responses use,
/// directly or through other types.
fn reached_from_directions(raw: &RawSchema) -> Reached<'_> {
    let declarations: HashMap<&str, &Declaration> =
        raw.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    let mut reached = Reached::default();
    reached.visit(&raw.connect);
    for name in raw.client_messages.iter().chain(&raw.server_messages) {
        reached.name(name);
    }
    for request in &raw.client_requests {
        reached.name(&request.name);
        reached.visit(&request.response);
    }
    while let Some(name) = reached.open.pop() {
        if let Some(declaration) = declarations.get(name) {
            declaration.shape.types().into_iter().for_each(|inner| reached.visit(inner));
        }
    }
    reached
}

impl<'a> Reached<'a> {
    fn name(&mut self, name: &'a str) {
        if self.named.insert(name) {
            self.open.push(name);
        }
    }

    fn visit(&mut self, r#type: &'a Type) {
        match r#type {
            Type::Named(name) => self.name(name),
            Type::External(path) => {
                self.external.insert(path);
            }
            _ => r#type.arguments().into_iter().for_each(|inner| self.visit(inner)),
        }
    }
}
