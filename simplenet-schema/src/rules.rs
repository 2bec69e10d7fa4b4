mod naming;
mod types;

use std::collections::{HashMap, HashSet};

use crate::{
    Item, Location, Parts, Schema, SchemaError, Step, Type, Violation, canonical, cycles,
    facts::field_types,
};

/// The longest name, path or fingerprint, in bytes.
pub const MAX_NAME_LENGTH: usize = 128;
/// The longest array: serde knows no longer ones.
pub const MAX_ARRAY_LENGTH: usize = 32;
/// The longest tuple: longer ones have no `Debug` and no `PartialEq`.
pub const MAX_TUPLE_LENGTH: usize = 12;
/// How deep types may nest, counted through the declared types as well. A decoder goes no deeper than this, and nor does
/// any macro that the generated types are handed to.
pub const MAX_DEPTH: usize = 32;

/// Collects every rule that the parts break.
pub(crate) fn check(parts: &Parts) -> Result<(), Vec<SchemaError>> {
    let listed = parts.externals.iter().map(|external| external.path.as_str()).collect();
    let mut rules = Rules { parts, listed, errors: Vec::new() };
    rules.names();
    rules.directions();
    let positions = positions(parts);
    let types = all_types(parts);
    let mut sound = true;
    for (location, r#type) in &types {
        sound &= rules.expression(location, r#type, &positions, 1);
    }
    // What follows looks into types without counting how deep.
    if sound {
        let order = cycles::order(&parts.types, &positions);
        rules.facts(&types, &positions, order);
    }
    if rules.errors.is_empty() { Ok(()) } else { Err(rules.errors) }
}

/// The one rule that needs the finished schema: its canonical form must be short enough to be read again.
pub(crate) fn check_size(schema: &Schema) -> Result<(), Vec<SchemaError>> {
    let length = canonical::write(schema).len();
    if length <= canonical::MAX_LENGTH {
        return Ok(());
    }
    let violation = Violation::TooLarge(length);
    Err(vec![SchemaError { location: Location::of(Item::Name), violation }])
}

/// Where each declared type stands; the first, where a name is there twice.
fn positions(parts: &Parts) -> HashMap<&str, usize> {
    let named = parts.types.iter().enumerate().rev();
    named.map(|(position, declaration)| (declaration.name.as_str(), position)).collect()
}

/// Every type that is written somewhere.
fn all_types(parts: &Parts) -> Vec<(Location, &Type)> {
    let mut types = vec![(Location::of(Item::Connect).then(Step::Type), &parts.connect)];
    for (index, request) in parts.client_requests.iter().enumerate() {
        let location = Location::of(Item::ClientRequest(index)).then(Step::Type);
        types.push((location, &request.response));
    }
    for (position, declaration) in parts.types.iter().enumerate() {
        let fields = field_types(position, declaration);
        types.extend(fields.into_iter().map(|(location, _, r#type)| (location, r#type)));
    }
    types
}

struct Rules<'a> {
    parts: &'a Parts,
    /// The paths of the external types.
    listed: HashSet<&'a str>,
    errors: Vec<SchemaError>,
}

impl Rules<'_> {
    fn broken(&mut self, location: Location, violation: Violation) {
        self.errors.push(SchemaError { location, violation });
    }
}
