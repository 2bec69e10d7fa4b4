use std::collections::{HashMap, HashSet};

use crate::{Declaration, Parts, Type};

/// Leaves out every declared and external type that nothing reaches, and orders the rest by name.
pub(crate) fn reduce(mut parts: Parts) -> Parts {
    let (named, external) = {
        let reached = reach(&parts);
        let owned = |names: HashSet<&str>| names.into_iter().map(str::to_owned).collect();
        let (named, external): (HashSet<String>, HashSet<String>) =
            (owned(reached.named), owned(reached.external));
        (named, external)
    };
    parts.types.retain(|declaration| named.contains(&declaration.name));
    parts.types.sort_by(|left, right| left.name.cmp(&right.name));
    parts.externals.retain(|known| external.contains(&known.path));
    parts.externals.sort_by(|left, right| left.path.cmp(&right.path));
    parts
}

#[derive(Default)]
struct Reached<'a> {
    named: HashSet<&'a str>,
    external: HashSet<&'a str>,
    /// Reached, but not yet looked into.
    open: Vec<&'a str>,
}

fn reach(parts: &Parts) -> Reached<'_> {
    let declarations: HashMap<&str, &Declaration> =
        parts.types.iter().map(|declared| (declared.name.as_str(), declared)).collect();
    let mut reached = Reached::default();
    reached.look_into(&parts.connect);
    for name in parts.client_messages.iter().chain(&parts.server_messages) {
        reached.name(name);
    }
    for request in &parts.client_requests {
        reached.name(&request.name);
        reached.look_into(&request.response);
    }
    while let Some(name) = reached.open.pop() {
        if let Some(declaration) = declarations.get(name) {
            declaration.shape.types().into_iter().for_each(|inner| reached.look_into(inner));
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

    fn look_into(&mut self, r#type: &'a Type) {
        match r#type {
            Type::Named(name) => self.name(name),
            Type::External(path) => {
                self.external.insert(path);
            }
            _ => r#type.arguments().into_iter().for_each(|inner| self.look_into(inner)),
        }
    }
}
