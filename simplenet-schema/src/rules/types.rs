use std::collections::HashMap;

use super::{MAX_ARRAY_LENGTH, MAX_DEPTH, MAX_TUPLE_LENGTH, Rules};
use crate::{
    Location, Step, Type, Violation,
    cycles::Order,
    facts::{BEYOND, Facts},
};

impl Rules<'_> {
    /// What a type expression must keep by itself. False if it is too deep to be looked into.
    pub(super) fn expression(
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
    pub(super) fn facts(
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
