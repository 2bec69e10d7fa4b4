use std::collections::HashMap;

use crate::{Declaration, Fields, Item, Location, MAX_DEPTH, Primitive, Shape, Step, Type};

/// The depth of a type that contains one beyond the limit. Only the inner one is reported.
pub(crate) const BEYOND_LIMIT: usize = usize::MAX;

/// Properties of a declaration and everything in it.
#[derive(Clone, Default)]
pub(crate) struct Fact {
    /// The nesting depth of its values; [`BEYOND_LIMIT`] if a type in it is beyond the limit.
    pub(crate) depth: usize,
    /// Whether its values are encoded in 0 bytes.
    pub(crate) zero_sized: bool,
    /// The type in it, if any, that prevents its use as a key.
    pub(crate) not_a_key: Option<String>,
}

/// The facts of all declarations, by name.
pub(crate) struct Facts<'a> {
    positions: &'a HashMap<&'a str, usize>,
    facts: Vec<Fact>,
}

impl<'a> Facts<'a> {
    /// Computes the facts. `order` must be topological.
    pub(crate) fn new(
        types: &[Declaration],
        positions: &'a HashMap<&'a str, usize>,
        order: &[usize],
    ) -> Self {
        let mut all = Self { positions, facts: vec![Fact::default(); types.len()] };
        for &position in order {
            let Some(declaration) = types.get(position) else { continue };
            let mut fact = all.of_shape(&declaration.shape);
            if fact.depth > MAX_DEPTH {
                fact.depth = BEYOND_LIMIT;
            }
            if let Some(slot) = all.facts.get_mut(position) {
                *slot = fact;
            }
        }
        all
    }

    /// Returns the facts of the declaration at this index.
    pub(crate) fn at(&self, position: usize) -> Fact {
        self.facts.get(position).cloned().unwrap_or_default()
    }

    /// Returns the facts of a type.
    pub(crate) fn of(&self, r#type: &Type) -> Fact {
        match r#type {
            Type::Primitive(Primitive::F32 | Primitive::F64) => {
                Fact { depth: 1, zero_sized: false, not_a_key: Some(r#type.to_string()) }
            }
            Type::Primitive(_) | Type::External(_) => Fact { depth: 1, ..Fact::default() },
            Type::Named(name) => match self.positions.get(name.as_str()) {
                Some(&position) => self.at(position),
                None => Fact::default(),
            },
            Type::Option(_) | Type::Vec(_) | Type::Result(..) => {
                Fact { zero_sized: false, ..self.of_all(&r#type.arguments()) }
            }
            Type::BTreeSet(_) | Type::BTreeMap(..) => {
                Fact { zero_sized: false, ..self.of_all(&r#type.arguments()) }
            }
            Type::HashSet(_) => Fact {
                zero_sized: false,
                not_a_key: Some("HashSet".to_owned()),
                ..self.of_all(&r#type.arguments())
            },
            Type::HashMap(..) => Fact {
                zero_sized: false,
                not_a_key: Some("HashMap".to_owned()),
                ..self.of_all(&r#type.arguments())
            },
            Type::Array(_, length) => {
                let fact = self.of_all(&r#type.arguments());
                Fact { zero_sized: fact.zero_sized || *length == 0, ..fact }
            }
            Type::Tuple(_) | Type::Boxed(_) => self.of_all(&r#type.arguments()),
        }
    }

    fn of_shape(&self, shape: &Shape) -> Fact {
        let fact = self.of_all(&shape.types());
        match shape {
            Shape::Struct(_) => fact,
            // The index of the variant is encoded in at least one byte.
            Shape::Enum(_) => Fact { zero_sized: false, ..fact },
        }
    }

    /// Returns the facts of a type that contains these.
    fn of_all(&self, types: &[&Type]) -> Fact {
        let mut whole = Fact { depth: 1, zero_sized: true, not_a_key: None };
        for part in types.iter().map(|part| self.of(part)) {
            whole.depth = whole.depth.max(part.depth.saturating_add(1));
            whole.zero_sized &= part.zero_sized;
            whole.not_a_key = whole.not_a_key.or(part.not_a_key);
        }
        whole
    }
}

/// Returns every type of a declaration with its location and the label of its field, in order.
pub(crate) fn field_types(
    position: usize,
    declaration: &Declaration,
) -> Vec<(Location, String, &Type)> {
    let location = Location::of(Item::Declaration(position));
    match &declaration.shape {
        Shape::Struct(fields) => labelled(&location, &declaration.name, fields),
        Shape::Enum(variants) => variants
            .iter()
            .enumerate()
            .flat_map(|(index, variant)| {
                let label = format!("{}::{}", declaration.name, variant.name);
                labelled(&location.then(Step::Variant(index)), &label, &variant.fields)
            })
            .collect(),
    }
}

fn labelled<'a>(
    location: &Location,
    owner: &str,
    fields: &'a Fields,
) -> Vec<(Location, String, &'a Type)> {
    let types = fields.types().into_iter().enumerate();
    types
        .map(|(index, r#type)| {
            let label = format!("{owner}.{}", fields.label(index));
            (location.then(Step::Field(index)).then(Step::Type), label, r#type)
        })
        .collect()
}
