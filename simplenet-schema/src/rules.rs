mod naming;
mod types;

use std::collections::{HashMap, HashSet};

use crate::{
    canonical, cycles,
    error::{Item, Location, SchemaError, Step, Violation},
    model::{RawSchema, Schema},
    properties::field_types,
    type_expression::Type,
};

/// The maximum length of a name, path or fingerprint, in bytes.
pub const MAX_NAME_LENGTH: usize = 128;
/// The maximum length of an array. serde implements its traits for arrays up to this length.
pub const MAX_ARRAY_LENGTH: usize = 32;
/// The maximum length of a tuple. Longer tuples implement neither `Debug` nor `PartialEq`.
pub const MAX_TUPLE_LENGTH: usize = 12;
/// The maximum nesting depth of types. Declared types count as levels, too. It bounds the recursion
/// of decoders and of derive macros.
pub const MAX_DEPTH: usize = 32;

/// Checks all rules except the size of the canonical form. Returns every violation.
pub(crate) fn check(raw: &RawSchema) -> Result<(), Vec<SchemaError>> {
    let external_paths = raw.externals.iter().map(|external| external.path.as_str()).collect();
    let mut rules = Rules { raw, external_paths, errors: Vec::new() };
    rules.check_names();
    rules.check_directions();
    let positions = positions(raw);
    let types = all_types(raw);
    let mut within_limit = true;
    for (location, r#type) in &types {
        within_limit &= rules.check_expression(location, r#type, &positions, 1);
    }
    // The rules below recurse into types without a limit of their own.
    if within_limit {
        let order = cycles::order(&raw.types, &positions);
        rules.check_contents(&types, &positions, order);
    }
    if rules.errors.is_empty() { Ok(()) } else { Err(rules.errors) }
}

/// Checks the size of the canonical form, which depends on the finished schema.
pub(crate) fn check_size(schema: &Schema) -> Result<(), Vec<SchemaError>> {
    let length = canonical::write(schema).len();
    if length <= canonical::MAX_LENGTH {
        return Ok(());
    }
    let violation = Violation::TooLarge(length);
    Err(vec![SchemaError { location: Location::of(Item::Name), violation }])
}

/// Returns the index of each declared type by name; the first index for a duplicate name.
fn positions(raw: &RawSchema) -> HashMap<&str, usize> {
    let named = raw.types.iter().enumerate().rev();
    named.map(|(position, declaration)| (declaration.name.as_str(), position)).collect()
}

/// Returns every type expression of the schema.
fn all_types(raw: &RawSchema) -> Vec<(Location, &Type)> {
    let mut types = vec![(Location::of(Item::Connect).then(Step::Type), &raw.connect)];
    for (index, request) in raw.client_requests.iter().enumerate() {
        let location = Location::of(Item::ClientRequest(index)).then(Step::Type);
        types.push((location, &request.response));
    }
    for (position, declaration) in raw.types.iter().enumerate() {
        let fields = field_types(position, declaration);
        types.extend(fields.into_iter().map(|(location, _, r#type)| (location, r#type)));
    }
    types
}

struct Rules<'a> {
    raw: &'a RawSchema,
    external_paths: HashSet<&'a str>,
    errors: Vec<SchemaError>,
}

impl Rules<'_> {
    fn report(&mut self, location: Location, violation: Violation) {
        self.errors.push(SchemaError { location, violation });
    }
}
