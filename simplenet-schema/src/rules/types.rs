use std::collections::HashMap;

use super::{MAX_ARRAY_LENGTH, MAX_DEPTH, MAX_TUPLE_LENGTH, Rules};
use crate::{
    cycles::Order,
    error::{Location, Step, Violation},
    properties::{BEYOND_LIMIT, PropertyTable},
    type_expression::Type,
};

impl Rules<'_> {
    /// Checks the rules that depend on a type expression alone. Returns false if the expression is
    /// nested too deep for the other rules.
    pub(super) fn check_expression(
        &mut self,
        location: &Location,
        r#type: &Type,
        positions: &HashMap<&str, usize>,
        depth: usize,
    ) -> bool {
        if depth > MAX_DEPTH {
            self.report(location.clone(), Violation::TooDeep);
            return false;
        }
        match r#type {
            Type::Named(name) if !positions.contains_key(name.as_str()) => {
                self.report(location.clone(), Violation::Unknown(name.clone()));
            }
            Type::External(path) if !self.external_paths.contains(path.as_str()) => {
                self.report(location.clone(), Violation::Unknown(path.clone()));
            }
            Type::Array(_, length) if *length > MAX_ARRAY_LENGTH => {
                self.report(location.clone(), Violation::ArrayLength(*length));
            }
            Type::Tuple(elements) if elements.len() == 1 || elements.len() > MAX_TUPLE_LENGTH => {
                self.report(location.clone(), Violation::TupleLength(elements.len()));
            }
            _ => {}
        }
        let mut within_limit = true;
        for (index, inner) in r#type.arguments().into_iter().enumerate() {
            let location = location.then(Step::Argument(index));
            within_limit &= self.check_expression(&location, inner, positions, depth + 1);
        }
        within_limit
    }

    /// Checks the rules that depend on the content of declared types.
    pub(super) fn check_contents(
        &mut self,
        types: &[(Location, &Type)],
        positions: &HashMap<&str, usize>,
        order: Order,
    ) {
        for (location, cycle) in order.cycles {
            self.report(location, Violation::Recursive { cycle });
        }
        let properties = PropertyTable::new(&self.raw.types, positions, &order.topological);
        for (location, r#type) in types {
            self.check_depth(location, r#type, &properties);
            self.check_elements(location, r#type, &properties);
        }
    }

    fn check_depth(&mut self, location: &Location, r#type: &Type, properties: &PropertyTable<'_>) {
        // The declared type or direction enum that contains this type adds one level.
        if (MAX_DEPTH..BEYOND_LIMIT).contains(&properties.of(r#type).depth) {
            self.report(location.clone(), Violation::TooDeep);
        }
    }

    /// Checks the elements of containers.
    fn check_elements(
        &mut self,
        location: &Location,
        r#type: &Type,
        properties: &PropertyTable<'_>,
    ) {
        let first = location.then(Step::Argument(0));
        match r#type {
            Type::Vec(element) => self.check_size_of_element(first, element, properties),
            Type::HashSet(element) | Type::BTreeSet(element) => {
                self.check_key(first.clone(), element, properties);
                self.check_size_of_element(first, element, properties);
            }
            Type::HashMap(key, value) | Type::BTreeMap(key, value) => {
                self.check_key(first.clone(), key, properties);
                if properties.of(value).zero_sized {
                    self.check_size_of_element(first, key, properties);
                }
            }
            _ => {}
        }
        for (index, inner) in r#type.arguments().into_iter().enumerate() {
            self.check_elements(&location.then(Step::Argument(index)), inner, properties);
        }
    }

    /// Reports a zero-sized element: a few bytes could claim any number of such elements.
    fn check_size_of_element(
        &mut self,
        location: Location,
        element: &Type,
        properties: &PropertyTable<'_>,
    ) {
        if properties.of(element).zero_sized {
            self.report(location, Violation::ZeroSized { element: element.to_string() });
        }
    }

    fn check_key(&mut self, location: Location, key: &Type, properties: &PropertyTable<'_>) {
        if let Some(because) = properties.of(key).not_a_key {
            self.report(location, Violation::NotAKey { key: key.to_string(), because });
        }
    }
}
