use std::collections::HashMap;

use crate::{Declaration, Fields, Item, Location, MAX_DEPTH, Primitive, Shape, Step, Type};

/// The depth of what contains something too deep: that is told where it is, not for all that contains it.
pub(crate) const BEYOND: usize = usize::MAX;

/// What follows from a declaration together with all that it contains.
#[derive(Clone, Default)]
pub(crate) struct Fact {
    /// How deep its values nest; [`BEYOND`] if something in it is too deep already.
    pub(crate) depth: usize,
    /// Whether its values take no bytes.
    pub(crate) zero_sized: bool,
    /// The type in it, if any, for which it cannot be a key.
    pub(crate) no_key: Option<String>,
}

/// The facts of all declarations, found by name.
pub(crate) struct Facts<'a> {
    positions: &'a HashMap<&'a str, usize>,
    facts: Vec<Fact>,
}

impl<'a> Facts<'a> {
    /// Works through the declarations in an order that puts each after what it contains.
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
                fact.depth = BEYOND;
            }
            if let Some(slot) = all.facts.get_mut(position) {
                *slot = fact;
            }
        }
        all
    }

    /// The fact of the declaration at this position.
    pub(crate) fn at(&self, position: usize) -> Fact {
        self.facts.get(position).cloned().unwrap_or_default()
    }

    /// The fact of a type.
    pub(crate) fn of(&self, r#type: &Type) -> Fact {
        match r#type {
            Type::Primitive(Primitive::F32 | Primitive::F64) => {
                Fact { depth: 1, zero_sized: false, no_key: Some(r#type.to_string()) }
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
                no_key: Some("HashSet".to_owned()),
                ..self.of_all(&r#type.arguments())
            },
            Type::HashMap(..) => Fact {
                zero_sized: false,
                no_key: Some("HashMap".to_owned()),
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
            // Which variant it is takes a byte.
            Shape::Enum(_) => Fact { zero_sized: false, ..fact },
        }
    }

    /// The fact of something made of these.
    fn of_all(&self, types: &[&Type]) -> Fact {
        let mut whole = Fact { depth: 1, zero_sized: true, no_key: None };
        for part in types.iter().map(|part| self.of(part)) {
            whole.depth = whole.depth.max(part.depth.saturating_add(1));
            whole.zero_sized &= part.zero_sized;
            whole.no_key = whole.no_key.or(part.no_key);
        }
        whole
    }
}

/// Every type of a declaration with its location and the label of its field, in order.
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
