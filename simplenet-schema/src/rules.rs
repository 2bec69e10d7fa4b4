use std::collections::{HashMap, HashSet};

use crate::{
    Fields, Item, Location, Parts, Primitive, Schema, SchemaError, Shape, Step, Type, Violation,
    canonical,
    cycles::{self, Order},
    facts::{BEYOND, Facts, field_types},
    names::{is_channel_name, is_external_path, is_name},
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

impl<'a> Rules<'a> {
    fn broken(&mut self, location: Location, violation: Violation) {
        self.errors.push(SchemaError { location, violation });
    }

    /// Names are names, and unique.
    fn names(&mut self) {
        let parts = self.parts;
        if !is_channel_name(&parts.name) {
            let violation = Violation::ChannelName(parts.name.clone());
            self.broken(Location::of(Item::Name), violation);
        }
        let declared = parts.types.iter().map(|declared| declared.name.as_str());
        self.siblings(declared, |index| Location::of(Item::Declaration(index)));
        for (position, declaration) in parts.types.iter().enumerate() {
            let location = Location::of(Item::Declaration(position));
            if Primitive::from_name(&declaration.name).is_some() {
                let violation = Violation::PrimitiveName(declaration.name.clone());
                self.broken(location.clone(), violation);
            }
            match &declaration.shape {
                Shape::Struct(fields) => self.fields(&location, fields),
                Shape::Enum(variants) => {
                    if variants.is_empty() {
                        let violation = Violation::NoVariants(declaration.name.clone());
                        self.broken(location.clone(), violation);
                    }
                    let names = variants.iter().map(|variant| variant.name.as_str());
                    self.siblings(names, |index| location.then(Step::Variant(index)));
                    for (index, variant) in variants.iter().enumerate() {
                        self.fields(&location.then(Step::Variant(index)), &variant.fields);
                    }
                }
            }
        }
        self.externals();
    }

    fn externals(&mut self) {
        let parts = self.parts;
        let paths = parts.externals.iter().map(|external| external.path.as_str());
        self.unique(paths, |index| Location::of(Item::External(index)));
        for (index, external) in parts.externals.iter().enumerate() {
            let location = Location::of(Item::External(index));
            if !is_external_path(&external.path) {
                self.broken(location.clone(), Violation::ExternalPath(external.path.clone()));
            }
            if external.fingerprint.is_empty() || external.fingerprint.len() > MAX_NAME_LENGTH {
                self.broken(location.then(Step::Type), Violation::Fingerprint);
            }
        }
    }

    fn fields(&mut self, owner: &Location, fields: &'a Fields) {
        match fields {
            Fields::Unit | Fields::Newtype(_) => {}
            Fields::Tuple(elements) if elements.len() < 2 => {
                self.broken(owner.clone(), Violation::TupleFields(elements.len()));
            }
            Fields::Tuple(_) => {}
            Fields::Named(fields) => {
                let names = fields.iter().map(|field| field.name.as_str());
                self.siblings(names, |index| owner.then(Step::Field(index)));
            }
        }
    }

    fn siblings(
        &mut self,
        names: impl Iterator<Item = &'a str> + Clone,
        locate: impl Fn(usize) -> Location,
    ) {
        for (index, name) in names.clone().enumerate() {
            if !is_name(name) {
                self.broken(locate(index), Violation::Name(name.to_owned()));
            }
        }
        self.unique(names, locate);
    }

    fn unique(&mut self, names: impl Iterator<Item = &'a str>, locate: impl Fn(usize) -> Location) {
        let mut seen = HashMap::new();
        for (index, name) in names.enumerate() {
            if let Some(&first) = seen.get(name) {
                let first = locate(first);
                self.broken(locate(index), Violation::Duplicate { name: name.to_owned(), first });
            } else {
                seen.insert(name, index);
            }
        }
    }

    /// Messages and requests are declared types, each once per direction.
    fn directions(&mut self) {
        let parts = self.parts;
        let client = parts.client_messages.iter().map(String::as_str);
        let requests = parts.client_requests.iter().map(|request| request.name.as_str());
        let server = parts.server_messages.iter().map(String::as_str);
        self.messages(client.clone(), |index| Location::of(Item::ClientMessage(index)));
        self.messages(requests.clone(), |index| Location::of(Item::ClientRequest(index)));
        self.messages(server, |index| Location::of(Item::ServerMessage(index)));

        let messages: HashMap<&str, usize> =
            client.enumerate().map(|(index, name)| (name, index)).collect();
        for (index, name) in requests.enumerate() {
            if let Some(&message) = messages.get(name) {
                let message = Location::of(Item::ClientMessage(message));
                let violation = Violation::MessageAndRequest { name: name.to_owned(), message };
                self.broken(Location::of(Item::ClientRequest(index)), violation);
            }
        }
    }

    fn messages(
        &mut self,
        names: impl Iterator<Item = &'a str> + Clone,
        locate: impl Fn(usize) -> Location,
    ) {
        let positions = positions(self.parts);
        for (index, name) in names.clone().enumerate() {
            if !positions.contains_key(name) {
                self.broken(locate(index), Violation::Unknown(name.to_owned()));
            }
        }
        self.unique(names, locate);
    }

    /// What a type expression must keep by itself. False if it is too deep to be looked into.
    fn expression(
        &mut self,
        location: &Location,
        r#type: &Type,
        positions: &HashMap<&str, usize>,
        depth: usize,
    ) -> bool {
        if depth > MAX_DEPTH {
            self.broken(location.clone(), Violation::TooDeep);
            return false;
        }
        match r#type {
            Type::Named(name) if !positions.contains_key(name.as_str()) => {
                self.broken(location.clone(), Violation::Unknown(name.clone()));
            }
            Type::External(path) if !self.listed.contains(path.as_str()) => {
                self.broken(location.clone(), Violation::Unknown(path.clone()));
            }
            Type::Array(_, length) if *length > MAX_ARRAY_LENGTH => {
                self.broken(location.clone(), Violation::ArrayLength(*length));
            }
            Type::Tuple(elements) if elements.len() == 1 || elements.len() > MAX_TUPLE_LENGTH => {
                self.broken(location.clone(), Violation::TupleLength(elements.len()));
            }
            _ => {}
        }
        let mut sound = true;
        for (index, inner) in r#type.arguments().into_iter().enumerate() {
            let location = location.then(Step::Argument(index));
            sound &= self.expression(&location, inner, positions, depth + 1);
        }
        sound
    }

    /// What needs to know the insides of the declared types.
    fn facts(
        &mut self,
        types: &[(Location, &Type)],
        positions: &HashMap<&str, usize>,
        order: Order,
    ) {
        for (location, cycle) in order.cycles {
            self.broken(location, Violation::Recursive { cycle });
        }
        let facts = Facts::new(&self.parts.types, positions, &order.inside_out);
        for (location, r#type) in types {
            self.depth(location, r#type, &facts);
            self.elements(location, r#type, &facts);
        }
    }

    fn depth(&mut self, location: &Location, r#type: &Type, facts: &Facts<'_>) {
        // One more level is the declared type, or the direction's enum, that this is part of.
        if (MAX_DEPTH..BEYOND).contains(&facts.of(r#type).depth) {
            self.broken(location.clone(), Violation::TooDeep);
        }
    }

    /// What containers ask of their elements.
    fn elements(&mut self, location: &Location, r#type: &Type, facts: &Facts<'_>) {
        let first = location.then(Step::Argument(0));
        match r#type {
            Type::Vec(element) => self.takes_bytes(first, element, facts),
            Type::HashSet(element) | Type::BTreeSet(element) => {
                self.is_key(first.clone(), element, facts);
                self.takes_bytes(first, element, facts);
            }
            Type::HashMap(key, value) | Type::BTreeMap(key, value) => {
                self.is_key(first.clone(), key, facts);
                if facts.of(value).zero_sized {
                    self.takes_bytes(first, key, facts);
                }
            }
            _ => {}
        }
        for (index, inner) in r#type.arguments().into_iter().enumerate() {
            self.elements(&location.then(Step::Argument(index)), inner, facts);
        }
    }

    /// A sequence whose elements take no bytes would be as long as its sender claims, for free.
    fn takes_bytes(&mut self, location: Location, element: &Type, facts: &Facts<'_>) {
        if facts.of(element).zero_sized {
            self.broken(location, Violation::ZeroSized { element: element.to_string() });
        }
    }

    fn is_key(&mut self, location: Location, key: &Type, facts: &Facts<'_>) {
        if let Some(because) = facts.of(key).no_key {
            self.broken(location, Violation::NotAKey { key: key.to_string(), because });
        }
    }
}
