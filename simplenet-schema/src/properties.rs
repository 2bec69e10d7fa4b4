use std::collections::HashMap;

use crate::{
    error::{Item, Location, Step},
    model::{Declaration, Fields, Shape},
    rules::MAX_DEPTH,
    type_expression::{Primitive, Type},
};

/// The depth of a type that contains a type beyond the depth limit. Only the inner type is
/// reported.
pub(crate) const BEYOND_LIMIT: usize = usize::MAX;

/// Properties of a type, which depend on the types that it contains.
#[derive(Clone, Default)]
pub(crate) struct Properties {
    /// The nesting depth of the values; [`BEYOND_LIMIT`] if an inner type is beyond the limit.
    pub(crate) depth: usize,
    /// Whether the values are encoded in 0 bytes.
    pub(crate) zero_sized: bool,
    /// The type that prevents the use as a key, if any: this type or an inner type.
    pub(crate) not_a_key: Option<String>,
}

/// The properties of all declarations, by name.
pub(crate) struct PropertyTable<'a> {
    positions: &'a HashMap<&'a str, usize>,
    properties: Vec<Properties>,
}

impl<'a> PropertyTable<'a> {
    /// Computes the properties. `order` must be topological.
    pub(crate) fn new(
        types: &[Declaration],
        positions: &'a HashMap<&'a str, usize>,
        order: &[usize],
    ) -> Self {
        let mut all = Self { positions, properties: vec![Properties::default(); types.len()] };
        for &position in order {
            let Some(declaration) = types.get(position) else { continue };
            let mut found = all.of_shape(&declaration.shape);
            if found.depth > MAX_DEPTH {
                found.depth = BEYOND_LIMIT;
            }
            if let Some(slot) = all.properties.get_mut(position) {
                *slot = found;
            }
        }
        all
    }

    /// Returns the properties of the declaration at this index.
    pub(crate) fn at(&self, position: usize) -> Properties {
        self.properties.get(position).cloned().unwrap_or_default()
    }

    /// Returns the properties of a type.
    pub(crate) fn of(&self, r#type: &Type) -> Properties {
        match r#type {
            Type::Primitive(Primitive::F32 | Primitive::F64) => {
                Properties { depth: 1, zero_sized: false, not_a_key: Some(r#type.to_string()) }
            }
            Type::Primitive(_) | Type::External(_) => {
                Properties { depth: 1, ..Properties::default() }
            }
            Type::Named(name) => match self.positions.get(name.as_str()) {
                Some(&position) => self.at(position),
                None => Properties::default(),
            },
            Type::Option(_) | Type::Vec(_) | Type::Result(..) => {
                Properties { zero_sized: false, ..self.of_all(&r#type.arguments()) }
            }
            Type::BTreeSet(_) | Type::BTreeMap(..) => {
                Properties { zero_sized: false, ..self.of_all(&r#type.arguments()) }
            }
            Type::HashSet(_) => Properties {
                zero_sized: false,
                not_a_key: Some("HashSet".to_owned()),
                ..self.of_all(&r#type.arguments())
            },
            Type::HashMap(..) => Properties {
                zero_sized: false,
                not_a_key: Some("HashMap".to_owned()),
                ..self.of_all(&r#type.arguments())
            },
            Type::Array(_, length) => {
                let found = self.of_all(&r#type.arguments());
                Properties { zero_sized: found.zero_sized || *length == 0, ..found }
            }
            Type::Tuple(_) | Type::Boxed(_) => self.of_all(&r#type.arguments()),
        }
    }

    fn of_shape(&self, shape: &Shape) -> Properties {
        let found = self.of_all(&shape.types());
        match shape {
            Shape::Struct(_) => found,
            // The index of the variant is encoded in at least one byte.
            Shape::Enum(_) => Properties { zero_sized: false, ..found },
        }
    }

    /// Returns the properties of a type that contains types with these properties.
    fn of_all(&self, types: &[&Type]) -> Properties {
        let mut whole = Properties { depth: 1, zero_sized: true, not_a_key: None };
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
